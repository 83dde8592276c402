/** Texts become vectors: the states of the model behind its last norm, averaged over each text's tokens, of length 1. */
import { setImmediate } from "node:timers/promises";
import { R3mesError } from "@r3mes/protocol";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { RoutePlugin } from "../apiServer.ts";
import { admitted } from "./admitted.ts";
import { askedModel } from "./askedModel.ts";
import type { Prompts } from "./createPrompts.ts";
import { failures } from "./failures.ts";
import type { OpenaiDeps } from "./openaiDeps.ts";
import { embeddingReply } from "./replySchemas.ts";
import { type EmbeddingRequest, embeddingRequest, ignoredFields } from "./requestSchemas.ts";
import { whenGone } from "./whenGone.ts";

export function embeddingRoutes(deps: OpenaiDeps, prompts: Prompts): RoutePlugin {
  return async (server) => {
    server.post(
      "/embeddings",
      {
        schema: {
          tags: ["inference"],
          summary: "Texts as vectors: the model's pooled states",
          description:
            "The model was not trained for this: texts with like words have like vectors.",
          security: [{ key: [] }],
          body: embeddingRequest,
          response: { 200: embeddingReply, ...failures },
        },
      },
      async (request, reply) => embed(deps, prompts, request, reply),
    );
  };
}

async function embed(
  deps: OpenaiDeps,
  prompts: Prompts,
  request: FastifyRequest<{ Body: EmbeddingRequest }>,
  reply: FastifyReply,
) {
  const { body } = request;
  const caller = await admitted(deps.access, request, reply, "inference");
  const model = askedModel(deps.catalogue, caller, body.model);
  const ignored = ignoredFields(body, embeddingRequest);
  if (ignored.length > 0) reply.header("x-r3mes-ignored", ignored.join(", "));
  requireOwnDimensions(deps, body.dimensions);
  const texts = await promptsOf(prompts, body.input);
  const tokens = sumOf(texts);
  const reservation = await caller.reserve(tokens);
  let paid = 0;
  try {
    const vectors: number[][] = [];
    for (const text of texts) {
      const run = deps.worker.embed(text, model.adapter, caller.key);
      const stop = whenGone(reply, run.cancel);
      const vector = await run.done;
      stop();
      if (vector === undefined) {
        // What was computed for a client that left is paid for, as an answer is.
        paid = sumOf(texts.slice(0, vectors.length));
        throw new R3mesError({ code: "CLIENT_GONE" });
      }
      vectors.push(vector);
    }
    paid = tokens;
    return {
      object: "list" as const,
      model: model.id,
      data: vectors.map((vector, index) => ({
        object: "embedding" as const,
        index,
        embedding: body.encoding_format === "base64" ? asBase64(vector) : vector,
      })),
      usage: { prompt_tokens: tokens, total_tokens: tokens },
    };
  } finally {
    await reservation.settle(paid);
  }
}

/** Tokens of all texts. */
function sumOf(texts: readonly (readonly number[])[]): number {
  return texts.reduce((sum, text) => sum + text.length, 0);
}

/** A vector of a model that was not trained to be cut means less with every number that it loses. */
function requireOwnDimensions(
  { manifest }: OpenaiDeps,
  dimensions: EmbeddingRequest["dimensions"],
): void {
  const { hidden } = manifest.architecture;
  if ((dimensions ?? hidden) === hidden) return;
  const reason = `a vector of this model has ${hidden} numbers`;
  throw new R3mesError({ code: "FIELD_UNSUPPORTED", field: "dimensions", reason });
}

/** One text in a turn: to cut many of them into tokens takes long, and others wait for this thread. */
async function promptsOf(prompts: Prompts, input: EmbeddingRequest["input"]): Promise<number[][]> {
  const texts: number[][] = [];
  for (const text of textsOf(input)) {
    if (texts.length > 0) await setImmediate();
    texts.push(
      typeof text === "string" ? prompts.text(text, "input") : prompts.tokens(text, "input"),
    );
  }
  return texts;
}

function textsOf(input: EmbeddingRequest["input"]): readonly (string | readonly number[])[] {
  if (typeof input === "string") return [input];
  return typeof input[0] === "number" ? [input as number[]] : (input as (string | number[])[]);
}

/** Little-endian float32, as OpenAI's clients ask for unless told otherwise. */
function asBase64(vector: readonly number[]): string {
  const bytes = Buffer.alloc(4 * vector.length);
  for (const [i, value] of vector.entries()) bytes.writeFloatLE(value, 4 * i);
  return bytes.toString("base64");
}
