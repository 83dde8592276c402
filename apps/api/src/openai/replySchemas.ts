/** What is answered, in OpenAI's words, with two of ours: `receipt`, and what `/v1/models` tells beside the name. */
import { z } from "zod";

export const usage = z
  .object({
    prompt_tokens: z.int(),
    completion_tokens: z.int(),
    total_tokens: z.int(),
  })
  .meta({ id: "Usage" });

export const receipt = z
  .looseObject({
    format: z.literal("remes/receipt/1"),
    model: z.string().describe("Root of the backbone, hex."),
    adapter: z.string().optional().describe("Root of the adapter, hex."),
    tokenizer: z.string(),
    request: z.string(),
    output: z.string(),
    provider: z.string().describe("Public key, hex."),
    signature: z.string(),
  })
  .meta({
    id: "Receipt",
    description: "What `npx r3mes verify-receipt` takes: spec/inference.md.",
  });

const finishReason = z.enum(["stop", "length"]);

const likelihood = {
  token: z.string(),
  logprob: z.number(),
  bytes: z
    .array(z.int())
    .describe("UTF-8, of a part of a character too; empty for a control token."),
};
const chatLogprobs = z.object({
  content: z.array(z.object({ ...likelihood, top_logprobs: z.array(z.object(likelihood)) })),
  refusal: z.null(),
});

export const chatReply = z
  .object({
    id: z.string(),
    object: z.literal("chat.completion"),
    created: z.int(),
    model: z.string(),
    system_fingerprint: z.string(),
    choices: z.array(
      z.object({
        index: z.int(),
        message: z.object({
          role: z.literal("assistant"),
          content: z.string(),
          refusal: z.null(),
        }),
        logprobs: chatLogprobs.nullable(),
        finish_reason: finishReason,
      }),
    ),
    usage,
    receipt,
  })
  .meta({ id: "ChatReply" });
export type ChatReply = z.infer<typeof chatReply>;

export const completionReply = z
  .object({
    id: z.string(),
    object: z.literal("text_completion"),
    created: z.int(),
    model: z.string(),
    system_fingerprint: z.string(),
    choices: z.array(
      z.object({
        index: z.int(),
        text: z.string(),
        logprobs: z
          .object({
            tokens: z.array(z.string()),
            token_logprobs: z.array(z.number()),
            top_logprobs: z.array(z.record(z.string(), z.number())),
            text_offset: z.array(z.int()),
          })
          .nullable(),
        finish_reason: finishReason,
      }),
    ),
    usage,
    receipt,
  })
  .meta({ id: "CompletionReply" });

export const embeddingReply = z
  .object({
    object: z.literal("list"),
    model: z.string(),
    data: z.array(
      z.object({
        object: z.literal("embedding"),
        index: z.int(),
        embedding: z.union([z.array(z.number()), z.string()]),
      }),
    ),
    usage: z.object({ prompt_tokens: z.int(), total_tokens: z.int() }),
  })
  .meta({
    id: "EmbeddingReply",
    description:
      "The states of the model behind its last norm, averaged over the text's tokens, of length 1.",
  });

export const model = z
  .object({
    id: z.string(),
    object: z.literal("model"),
    created: z.int(),
    owned_by: z.string(),
    context_length: z.int(),
    parent: z.string().nullable().describe("The backbone of an adapter."),
    adapter_id: z.int().nullable().describe("Number of the version on the chain."),
    adapter_root: z.string().nullable(),
    status: z.enum(["backbone", "provisional", "mature", "local"]),
    pricing: z.object({
      prompt: z.int().describe("Credits for a token."),
      completion: z.int().describe("Credits for a token."),
    }),
  })
  .meta({ id: "ServedModel" });

export const modelList = z
  .object({ object: z.literal("list"), data: z.array(model) })
  .meta({ id: "ServedModels" });
