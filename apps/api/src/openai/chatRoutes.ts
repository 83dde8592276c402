/** A conversation is answered. */
import { randomUUID } from "node:crypto";
import type { AnswerPiece, InferenceRequest } from "@r3mes/inference";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { RoutePlugin } from "../apiServer.ts";
import type { ServedModel } from "../catalogue/modelCatalogue.ts";
import { admitted } from "./admitted.ts";
import { samplingOf, stopOf } from "./answerSettings.ts";
import { answerWhole } from "./answerWhole.ts";
import { askedModel } from "./askedModel.ts";
import type { Prompts } from "./createPrompts.ts";
import { failures } from "./failures.ts";
import { fingerprint } from "./fingerprint.ts";
import { finishReason, textOf, usageOf } from "./finish.ts";
import { chatLogprob } from "./logprobs.ts";
import type { OpenaiDeps } from "./openaiDeps.ts";
import { chatReply } from "./replySchemas.ts";
import { type ChatRequest, chatRequest, ignoredFields } from "./requestSchemas.ts";
import { type Answered, startAnswer } from "./startAnswer.ts";
import { streamAnswer } from "./streamAnswer.ts";

export function chatRoutes(deps: OpenaiDeps, prompts: Prompts): RoutePlugin {
  return async (server) => {
    server.post(
      "/chat/completions",
      {
        schema: {
          tags: ["inference"],
          summary: "Answer a conversation, at once or as server-sent events",
          security: [{ key: [] }],
          body: chatRequest,
          response: { 200: chatReply, ...failures },
        },
      },
      async (request, reply) => answerChat(deps, prompts, request, reply),
    );
  };
}

async function answerChat(
  deps: OpenaiDeps,
  prompts: Prompts,
  request: FastifyRequest<{ Body: ChatRequest }>,
  reply: FastifyReply,
) {
  const { body } = request;
  const caller = await admitted(deps.access, request, reply, "inference");
  const model = askedModel(deps.catalogue, caller, body.model);
  const ignored = ignoredFields(body, chatRequest);
  if (ignored.length > 0) reply.header("x-r3mes-ignored", ignored.join(", "));
  const asked = askedOf(deps, prompts, body, model);
  const start = (onPiece: (piece: AnswerPiece) => void) =>
    startAnswer(deps, { caller, model, request: asked }, onPiece);
  const head = {
    id: `chatcmpl-${randomUUID()}`,
    created: Math.floor(deps.clock.nowMs() / 1000),
    model: model.id,
    system_fingerprint: fingerprint(deps.manifest, model),
  };
  if (body.stream === true) {
    const withUsage = body.stream_options?.include_usage === true;
    const forms = chunkForms(deps, head, { asked, withUsage, logprobs: body.logprobs === true });
    return streamAnswer(reply, forms, start);
  }
  const { answered, pieces } = await answerWhole(reply, start);
  return {
    ...head,
    object: "chat.completion" as const,
    choices: [
      {
        index: 0,
        message: {
          role: "assistant" as const,
          content: textOf(pieces),
          refusal: null,
        },
        logprobs: body.logprobs === true ? logprobsOf(deps, pieces) : null,
        finish_reason: finishReason(answered.ending),
      },
    ],
    usage: usageOf(asked.prompt, answered.tokens),
    receipt: answered.receipt,
  };
}

function askedOf(
  deps: OpenaiDeps,
  prompts: Prompts,
  body: ChatRequest,
  model: ServedModel,
): InferenceRequest {
  return {
    adapter: model.adapter,
    prompt: prompts.chat(body.messages),
    tokensMax: body.max_completion_tokens ?? body.max_tokens ?? tokensMaxUnlessSaid,
    sampling: samplingOf(body, deps.randomness),
    stop: stopOf(body),
    ...(body.logprobs === true ? { likeliest: body.top_logprobs ?? 0 } : {}),
  };
}

const tokensMaxUnlessSaid = 256;

function logprobsOf(deps: OpenaiDeps, pieces: readonly AnswerPiece[]) {
  const content = pieces.flatMap((piece) => chatLogprob(deps.tokenizer, piece));
  return { content, refusal: null };
}

function chunkForms(
  deps: OpenaiDeps,
  head: { readonly id: string; readonly created: number; readonly model: string },
  options: {
    readonly asked: InferenceRequest;
    readonly withUsage: boolean;
    readonly logprobs: boolean;
  },
) {
  const { asked, withUsage } = options;
  // With a usage chunk at the end, every other chunk says that it has none.
  const chunk = { ...head, object: "chat.completion.chunk", ...(withUsage ? { usage: null } : {}) };
  const choice = (delta: object, reason: string | null, logprobs: object | null = null) => ({
    ...chunk,
    choices: [{ index: 0, delta, logprobs, finish_reason: reason }],
  });
  return {
    first: choice({ role: "assistant", content: "", refusal: null }, null),
    pieces: (pieces: readonly AnswerPiece[]) => {
      const content = textOf(pieces);
      if (content === "" && !options.logprobs) return undefined;
      return choice({ content }, null, options.logprobs ? logprobsOf(deps, pieces) : null);
    },
    last: ({ ending, tokens, receipt }: Answered) => {
      const end = choice({}, finishReason(ending));
      if (!withUsage) return [{ ...end, receipt }];
      return [end, { ...chunk, choices: [], usage: usageOf(asked.prompt, tokens), receipt }];
    },
    broken: choice({}, "error"),
  };
}
