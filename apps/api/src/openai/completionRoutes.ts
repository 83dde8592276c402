/** A text is continued. */
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
import { createCompletionLogprobs } from "./logprobs.ts";
import type { OpenaiDeps } from "./openaiDeps.ts";
import { completionReply } from "./replySchemas.ts";
import { type CompletionRequest, completionRequest, ignoredFields } from "./requestSchemas.ts";
import { type Answered, startAnswer } from "./startAnswer.ts";
import { streamAnswer } from "./streamAnswer.ts";

export function completionRoutes(deps: OpenaiDeps, prompts: Prompts): RoutePlugin {
  return async (server) => {
    server.post(
      "/completions",
      {
        schema: {
          tags: ["inference"],
          summary: "Continue a text, at once or as server-sent events",
          security: [{ key: [] }],
          body: completionRequest,
          response: { 200: completionReply, ...failures },
        },
      },
      async (request, reply) => answerCompletion(deps, prompts, request, reply),
    );
  };
}

async function answerCompletion(
  deps: OpenaiDeps,
  prompts: Prompts,
  request: FastifyRequest<{ Body: CompletionRequest }>,
  reply: FastifyReply,
) {
  const { body } = request;
  const caller = await admitted(deps.access, request, reply, "inference");
  const model = askedModel(deps.catalogue, caller, body.model);
  const ignored = ignoredFields(body, completionRequest);
  if (ignored.length > 0) reply.header("x-r3mes-ignored", ignored.join(", "));
  const asked = askedOf(deps, prompts, body, model);
  const start = (onPiece: (piece: AnswerPiece) => void) =>
    startAnswer(deps, { caller, model, request: asked }, onPiece);
  const head = {
    id: `cmpl-${randomUUID()}`,
    created: Math.floor(deps.clock.nowMs() / 1000),
    model: model.id,
    system_fingerprint: fingerprint(deps.manifest, model),
    object: "text_completion" as const,
  };
  const withLogprobs = asked.likeliest !== undefined;
  if (body.stream === true) {
    const withUsage = body.stream_options?.include_usage === true;
    return streamAnswer(reply, chunkForms(deps, head, { asked, withUsage, withLogprobs }), start);
  }
  const { answered, pieces } = await answerWhole(reply, start);
  return {
    ...head,
    choices: [
      {
        index: 0,
        text: textOf(pieces),
        logprobs: withLogprobs ? createCompletionLogprobs(deps.tokenizer)(pieces) : null,
        finish_reason: finishReason(answered.ending),
      },
    ],
    usage: usageOf(asked.prompt, answered.tokens),
    receipt: answered.receipt,
  };
}

/** OpenAI's own default. */
const tokensMaxUnlessSaid = 16;

function askedOf(
  deps: OpenaiDeps,
  prompts: Prompts,
  body: CompletionRequest,
  model: ServedModel,
): InferenceRequest {
  const { prompt, logprobs } = body;
  return {
    adapter: model.adapter,
    prompt: promptOf(prompts, prompt),
    tokensMax: body.max_tokens ?? tokensMaxUnlessSaid,
    sampling: samplingOf(body, deps.randomness),
    stop: stopOf(body),
    ...(logprobs === null || logprobs === undefined ? {} : { likeliest: logprobs }),
  };
}

function promptOf(prompts: Prompts, prompt: CompletionRequest["prompt"]): number[] {
  const one = Array.isArray(prompt) && typeof prompt[0] !== "number" ? prompt[0] : prompt;
  return Array.isArray(one)
    ? prompts.tokens(one as number[], "prompt")
    : prompts.text(one ?? "", "prompt");
}

function chunkForms(
  deps: OpenaiDeps,
  head: object,
  options: {
    readonly asked: InferenceRequest;
    readonly withUsage: boolean;
    readonly withLogprobs: boolean;
  },
) {
  const { asked, withUsage, withLogprobs } = options;
  const chunk = { ...head, ...(withUsage ? { usage: null } : {}) };
  const logprobsOf = createCompletionLogprobs(deps.tokenizer);
  const choice = (text: string, reason: string | null, logprobs: object | null = null) => ({
    ...chunk,
    choices: [{ index: 0, text, logprobs, finish_reason: reason }],
  });
  return {
    first: undefined,
    pieces: (pieces: readonly AnswerPiece[]) => {
      const text = textOf(pieces);
      if (text === "" && !withLogprobs) return undefined;
      return choice(text, null, withLogprobs ? logprobsOf(pieces) : null);
    },
    last: ({ ending, tokens, receipt }: Answered) => {
      const end = choice("", finishReason(ending));
      if (!withUsage) return [{ ...end, receipt }];
      return [end, { ...chunk, choices: [], usage: usageOf(asked.prompt, tokens), receipt }];
    },
    broken: choice("", "error"),
  };
}
