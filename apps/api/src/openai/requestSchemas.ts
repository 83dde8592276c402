/** What clients may ask, in OpenAI's words. Fields that are not known here are ignored, and a header says which. */
import { z } from "zod";

/** Numbers of the sampler: temperatures in thousandths, shares in millionths. */
const sampling = {
  temperature: z.number().min(0).max(10).nullish().describe("0 is greedy. Three decimals count."),
  top_p: z.number().min(0).max(1).nullish().describe("Six decimals count."),
  seed: z
    .int()
    .nullish()
    .describe("The same request with the same seed gives the same bytes. Absent: a random one."),
  stop: z
    .union([z.string().min(1).max(256), z.array(z.string().min(1).max(256)).max(4)], {
      error: "must be a text of 1 to 256 characters, or up to 4 of them in a list",
    })
    .nullish(),
  n: z.literal(1).nullish(),
  stream: z.boolean().nullish(),
  stream_options: z.looseObject({ include_usage: z.boolean().nullish() }).nullish(),
  user: z.string().max(256).nullish(),
};

const tokensMax = z
  .int()
  .min(0)
  .max(1 << 20)
  .nullish();
const modelName = z.string().min(1).max(128);

const textPart = z.looseObject({ type: z.literal("text"), text: z.string() });

const message = z
  .looseObject({
    role: z.enum(["system", "developer", "user", "assistant"]),
    content: z.union([z.string(), z.array(textPart).max(64)], {
      error: 'must be a text, or a list of up to 64 parts, each with type "text" and a text',
    }),
  })
  .meta({ id: "ChatMessage" });

export const chatRequest = z
  .looseObject({
    model: modelName,
    messages: z.array(message).min(1).max(1024),
    max_tokens: tokensMax,
    max_completion_tokens: tokensMax,
    logprobs: z.boolean().nullish(),
    top_logprobs: z.int().min(0).max(20).nullish(),
    ...sampling,
  })
  .meta({ id: "ChatRequest" });
export type ChatRequest = z.infer<typeof chatRequest>;

const tokens = z
  .array(z.int().min(0))
  .min(1)
  .max(1 << 16);

export const completionRequest = z
  .looseObject({
    model: modelName,
    prompt: z.union([z.string(), z.tuple([z.string()]), tokens], {
      error: "must be one text, alone or in a list, or a list of its tokens",
    }),
    max_tokens: tokensMax,
    logprobs: z.int().min(0).max(20).nullish(),
    echo: z.literal(false).nullish(),
    ...sampling,
  })
  .meta({ id: "CompletionRequest" });
export type CompletionRequest = z.infer<typeof completionRequest>;

export const embeddingRequest = z
  .looseObject({
    model: modelName,
    input: z.union(
      [z.string(), z.array(z.string()).min(1).max(64), tokens, z.array(tokens).min(1).max(64)],
      { error: "must be a text, or the tokens of one, or a list of up to 64 of either" },
    ),
    encoding_format: z.enum(["float", "base64"]).nullish(),
    user: z.string().max(256).nullish(),
  })
  .meta({ id: "EmbeddingRequest" });
export type EmbeddingRequest = z.infer<typeof embeddingRequest>;

/** Names of the fields that a request has and its schema has not. */
export function ignoredFields(
  request: { readonly [field: string]: unknown },
  schema: { readonly shape: { readonly [field: string]: unknown } },
): readonly string[] {
  return Object.keys(request)
    .filter((field) => !Object.hasOwn(schema.shape, field))
    .map((field) => field.replace(/[^\w.-]/g, "?").slice(0, 64))
    .slice(0, 16);
}
