/**
 * What clients may ask, in OpenAI's words. A field that changes the answer is honoured or refused; what changes nothing of it, and what
 * nobody knows, is ignored, and a header says which.
 */
import { z } from "zod";

/**
 * A field of OpenAI's that would change the answer in a way that nothing here can: it is taken where it asks for nothing, since many
 * clients send all they know, and else refused as FIELD_UNSUPPORTED.
 */
function unsupported(nothing: z.ZodType, why: string) {
  const none = nothing.nullish();
  return z
    .unknown()
    .refine((value) => none.safeParse(value).success, { error: why, params: refusal })
    .describe(`Not supported: ${why}`)
    .optional();
}

const refusal = { unsupported: true };

const alone = "tokens are drawn by the model's own scores, which a receipt proves; only 0 is taken";

/** Numbers of the sampler: temperatures in thousandths, shares in millionths. */
const sampling = {
  temperature: z
    .number()
    .min(0)
    .max(2)
    .nullish()
    .describe("0 is greedy. Three decimals count. Absent: 1."),
  top_p: z.number().min(0).max(1).nullish().describe("Six decimals count. Absent: 1."),
  seed: z
    .int()
    .nullish()
    .describe("The same request with the same seed gives the same bytes. Absent: a random one."),
  stop: z
    .union([z.string().min(1).max(256), z.array(z.string().min(1).max(256)).max(4)], {
      error: "must be a text of 1 to 256 characters, or up to 4 of them in a list",
    })
    .nullish(),
  stream: z.boolean().nullish(),
  stream_options: z.looseObject({ include_usage: z.boolean().nullish() }).nullish(),
  user: z.string().max(256).nullish().describe("Changes nothing."),
  n: unsupported(z.literal(1), "a request has one answer; another seed gives another"),
  frequency_penalty: unsupported(z.literal(0), alone),
  presence_penalty: unsupported(z.literal(0), alone),
  logit_bias: unsupported(z.record(z.string(), z.literal(0)), alone),
};

const tokensMax = z
  .int()
  .min(0)
  .max(1 << 20)
  .nullish();
const modelName = z.string().min(1).max(128);

const noTools = "the models here call no tools";
const nothing = z.null();
const emptyList = z.array(z.unknown()).max(0);
const noCall = z.enum(["none", "auto"]);

/**
 * What OpenAI's clients know and no model here can take is refused as FIELD_UNSUPPORTED, not as something that nobody understands. No value
 * ever comes of it, so that readers need not know its form.
 */
function refused(schema: z.ZodObject, why: string, path: string[] = []) {
  return schema.transform((input, context): never => {
    // With `continue` the other forms in the same place, which do not fit either, are not told of. The path is the issue's own: the library
    // writes into it.
    const issue = { code: "custom", message: why, input, params: refusal } as const;
    context.addIssue({ ...issue, path: [...path], continue: true });
    return z.NEVER;
  });
}

const textPart = z.looseObject({ type: z.literal("text"), text: z.string() });
const refusalPart = z.looseObject({ type: z.literal("refusal"), refusal: z.string() });
const otherPart = refused(
  z.looseObject({ type: z.enum(["image_url", "input_audio", "file"]) }),
  "the models here read text alone",
);

const saidMessage = z.looseObject({
  role: z.enum(["system", "developer", "user"]),
  content: z.union([z.string(), z.array(z.union([textPart, otherPart])).max(64)], {
    error: 'must be a text, or a list of up to 64 parts, each with type "text" and a text',
  }),
});

/** As clients replay what they were answered, whole: with the fields that were null. */
const answeredMessage = z.looseObject({
  role: z.literal("assistant"),
  content: z
    .union([z.string(), z.array(z.union([textPart, refusalPart])).max(64)], {
      error: 'must be a text, null, or a list of up to 64 parts of type "text" or "refusal"',
    })
    .nullish(),
  refusal: z.string().nullish().describe("Stands for the content where there is none."),
  tool_calls: unsupported(emptyList, noTools),
  function_call: unsupported(nothing, noTools),
  audio: unsupported(nothing, "the models here speak no sound"),
});

const toolMessage = refused(z.looseObject({ role: z.enum(["tool", "function"]) }), noTools, [
  "role",
]);

const message = z
  .discriminatedUnion("role", [saidMessage, answeredMessage, toolMessage], {
    error: 'must be an object whose role is "system", "developer", "user" or "assistant"',
  })
  .meta({ id: "ChatMessage" });

export const chatRequest = z
  .looseObject({
    model: modelName,
    messages: z.array(message).min(1).max(1024),
    max_tokens: tokensMax,
    max_completion_tokens: tokensMax.describe("Before `max_tokens`. Absent, both: 256."),
    logprobs: z.boolean().nullish(),
    top_logprobs: z.int().min(0).max(20).nullish().describe("With `logprobs` alone."),
    ...sampling,
    tools: z.array(z.unknown()).nullish().describe(`Not supported: ${noTools}`),
    tool_choice: unsupported(noCall, noTools),
    functions: z.array(z.unknown()).nullish().describe(`Not supported: ${noTools}`),
    function_call: unsupported(noCall, noTools),
    parallel_tool_calls: z.boolean().nullish().describe("Changes nothing."),
    response_format: unsupported(
      z.looseObject({ type: z.literal("text") }),
      "an answer is text of no promised form; only the type text is taken",
    ),
    modalities: unsupported(z.tuple([z.literal("text")]), "an answer is text alone"),
    audio: unsupported(nothing, "an answer is text alone"),
    reasoning_effort: unsupported(
      z.literal("none"),
      "the models here answer without reasoning first",
    ),
    verbosity: unsupported(z.literal("medium"), "the models here have one verbosity, medium"),
    web_search_options: unsupported(nothing, "the models here search nothing"),
    moderation: unsupported(nothing, "nothing here judges what is asked or answered"),
  })
  .refine(({ tools, tool_choice }) => !asksFor(tools, tool_choice), {
    path: ["tools"],
    error: noTools,
    params: refusal,
  })
  .refine(({ functions, function_call }) => !asksFor(functions, function_call), {
    path: ["functions"],
    error: noTools,
    params: refusal,
  })
  .refine(({ logprobs, top_logprobs }) => (top_logprobs ?? null) === null || logprobs === true, {
    path: ["top_logprobs"],
    error: "needs logprobs to be true",
  })
  .meta({ id: "ChatRequest" });
export type ChatRequest = z.infer<typeof chatRequest>;

/** Tools that must not be called change nothing. */
function asksFor(tools: readonly unknown[] | null | undefined, choice: unknown): boolean {
  return (tools?.length ?? 0) > 0 && choice !== "none";
}

const tokens = z
  .array(z.int().min(0))
  .min(1)
  .max(1 << 16);

export const completionRequest = z
  .looseObject({
    model: modelName,
    prompt: z
      .union([z.string(), tokens, z.tuple([z.string()]), z.tuple([tokens])], {
        error: "must be one text or the tokens of one, alone or in a list",
      })
      .nullish()
      .describe("Absent: a text from its beginning."),
    max_tokens: tokensMax.describe("Absent: 16."),
    logprobs: z.int().min(0).max(20).nullish(),
    ...sampling,
    best_of: unsupported(z.literal(1), "a request has one answer; another seed gives another"),
    echo: unsupported(z.literal(false), "an answer does not repeat its prompt"),
    suffix: unsupported(z.literal(""), "the models here continue a text and fill no gap"),
  })
  .meta({ id: "CompletionRequest" });
export type CompletionRequest = z.infer<typeof completionRequest>;

const inputsMax = 2048;

export const embeddingRequest = z
  .looseObject({
    model: modelName,
    input: z.union(
      [
        z.string(),
        z.array(z.string()).min(1).max(inputsMax),
        tokens,
        z.array(tokens).min(1).max(inputsMax),
      ],
      { error: `must be a text, or the tokens of one, or a list of up to ${inputsMax} of either` },
    ),
    encoding_format: z.enum(["float", "base64"]).nullish(),
    dimensions: z.int().min(1).nullish().describe("No other than those that the model has."),
    user: z.string().max(256).nullish().describe("Changes nothing."),
  })
  .meta({ id: "EmbeddingRequest" });
export type EmbeddingRequest = z.infer<typeof embeddingRequest>;

/** Names of the fields that a request has and its schema has not, and of what is not read inside of those that both have. */
export function ignoredFields(
  request: { readonly [field: string]: unknown },
  schema: { readonly shape: { readonly [field: string]: unknown } },
): readonly string[] {
  const { messages, stream_options: streamOptions } = request as Partial<ChatRequest>;
  const unread = Object.keys(request).filter(
    (field) => !Object.hasOwn(schema.shape, field) && (request[field] ?? null) !== null,
  );
  if (messages?.some(({ name }) => (name ?? null) !== null)) unread.push("messages.name");
  if (streamOptions?.include_obfuscation === true) {
    unread.push("stream_options.include_obfuscation");
  }
  return unread.map((field) => field.replace(/[^\w.-]/g, "?").slice(0, 64)).slice(0, 16);
}
