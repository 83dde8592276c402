import { expect, test } from "vitest";
import {
  chatRequest,
  completionRequest,
  embeddingRequest,
  ignoredFields,
} from "./requestSchemas.ts";

const told = (result: { readonly error?: { readonly issues: readonly object[] } }) =>
  result.error?.issues as readonly {
    readonly path: readonly unknown[];
    readonly message: string;
  }[];

test("of a field that takes several forms, a refusal names them", () => {
  const model = "backbone";
  const messages = [{ role: "user", content: null }];
  for (const [result, field, form] of [
    [chatRequest.safeParse({ model, messages }), "content", /list of up to 64 parts/],
    [completionRequest.safeParse({ model, prompt: "a", stop: [1] }), "stop", /up to 4 of them/],
    [completionRequest.safeParse({ model, prompt: { text: "a" } }), "prompt", /alone or in a list/],
    [embeddingRequest.safeParse({ model, input: 3 }), "input", /the tokens of one/],
  ] as const) {
    const issues = told(result);
    expect(issues.map(({ path }) => path.at(-1))).toEqual([field]);
    expect(issues[0]!.message).toMatch(form);
  }
});

const chat = { model: "backbone", messages: [{ role: "user", content: "a" }] };
const completion = { model: "backbone", prompt: "a" };
const tool = { type: "function", function: { name: "look" } };

test.each([
  [chatRequest, chat, { tools: [] }],
  [chatRequest, chat, { tools: [tool], tool_choice: "none" }],
  [chatRequest, chat, { tools: null, tool_choice: "auto", parallel_tool_calls: true }],
  [chatRequest, chat, { functions: [], function_call: "none", audio: null }],
  [chatRequest, chat, { response_format: { type: "text" }, modalities: ["text"] }],
  [chatRequest, chat, { n: 1, frequency_penalty: 0, presence_penalty: 0, logit_bias: {} }],
  [chatRequest, chat, { reasoning_effort: "none", verbosity: "medium", temperature: 2 }],
  [completionRequest, completion, { best_of: 1, echo: false, suffix: "", logit_bias: { 5: 0 } }],
  [completionRequest, { model: "backbone" }, { prompt: null }],
  [completionRequest, completion, { prompt: [[1, 2]] }],
  [embeddingRequest, { model: "backbone" }, { input: new Array(2048).fill("a"), dimensions: 9 }],
])("what asks for nothing is taken: %#", (schema, request, fields) => {
  expect(schema.safeParse({ ...request, ...fields }).error).toBeUndefined();
  expect(ignoredFields({ ...request, ...fields }, schema)).toEqual([]);
});

const unsupported = { params: { unsupported: true } };

test.each([
  [chatRequest, chat, { tools: [tool] }, "tools"],
  [chatRequest, chat, { tools: [tool], tool_choice: "auto" }, "tools"],
  [chatRequest, chat, { tool_choice: "required" }, "tool_choice"],
  [chatRequest, chat, { tool_choice: tool }, "tool_choice"],
  [chatRequest, chat, { functions: [{ name: "look" }] }, "functions"],
  [chatRequest, chat, { function_call: { name: "look" } }, "function_call"],
  [chatRequest, chat, { response_format: { type: "json_object" } }, "response_format"],
  [chatRequest, chat, { response_format: { type: "json_schema" } }, "response_format"],
  [chatRequest, chat, { modalities: ["text", "audio"] }, "modalities"],
  [chatRequest, chat, { audio: { voice: "alloy" } }, "audio"],
  [chatRequest, chat, { n: 2 }, "n"],
  [chatRequest, chat, { frequency_penalty: 0.5 }, "frequency_penalty"],
  [chatRequest, chat, { presence_penalty: -1 }, "presence_penalty"],
  [chatRequest, chat, { logit_bias: { 50256: -100 } }, "logit_bias"],
  [chatRequest, chat, { reasoning_effort: "high" }, "reasoning_effort"],
  [chatRequest, chat, { verbosity: "low" }, "verbosity"],
  [chatRequest, chat, { web_search_options: {} }, "web_search_options"],
  [completionRequest, completion, { best_of: 3 }, "best_of"],
  [completionRequest, completion, { echo: true }, "echo"],
  [completionRequest, completion, { suffix: "end" }, "suffix"],
])("what would change the answer is refused: %#", (schema, request, fields, field) => {
  expect(schema.safeParse({ ...request, ...fields }).error!.issues).toEqual([
    expect.objectContaining({ path: [field], ...unsupported }),
  ]);
});

test("a message is taken as clients replay it, unless tools had a part in it", () => {
  const asked = (message: object) =>
    chatRequest.safeParse({ ...chat, messages: [{ role: "assistant", ...message }] });
  for (const message of [
    { content: null },
    {},
    { content: "a", refusal: null, tool_calls: null, function_call: null, audio: null },
    { content: [{ type: "refusal", refusal: "No." }], tool_calls: [] },
  ]) {
    expect(asked(message).error).toBeUndefined();
  }
  expect(asked({ content: null, tool_calls: [tool] }).error!.issues).toEqual([
    expect.objectContaining({ path: ["messages", 0, "tool_calls"], ...unsupported }),
  ]);
  for (const role of ["tool", "function"]) {
    const told = chatRequest.safeParse({ ...chat, messages: [{ role, content: "4" }] });
    expect(told.error!.issues).toEqual([
      expect.objectContaining({ path: ["messages", 0, "role"], ...unsupported }),
    ]);
  }
  expect(asked({ role: "oracle" }).error!.issues[0]).toMatchObject({
    path: ["messages", 0, "role"],
    message: expect.stringContaining('"assistant"'),
  });
});

test("a message with pictures, sound or a file is refused for that, and one of no known form for its form", () => {
  const asked = (part: object) => {
    const content = [{ type: "text", text: "a" }, part];
    return chatRequest.safeParse({ ...chat, messages: [{ role: "user", content }] });
  };
  for (const part of [
    { type: "image_url", image_url: { url: "https://example.org/cat.png" } },
    { type: "input_audio", input_audio: { data: "", format: "wav" } },
    { type: "file", file: { file_id: "f" } },
  ]) {
    expect(asked(part).error!.issues).toEqual([
      expect.objectContaining({ path: ["messages", 0, "content", 1], ...unsupported }),
    ]);
  }
  for (const part of [{ type: "text" }, { type: "smell" }, {}]) {
    const [issue] = told(asked(part));
    expect(issue).toMatchObject({ path: ["messages", 0, "content"] });
    expect(issue!.message).toMatch(/list of up to 64 parts/);
  }
});

test("log-probabilities of the likeliest are told with those of the chosen, or refused", () => {
  expect(chatRequest.safeParse({ ...chat, top_logprobs: 2 }).error!.issues).toEqual([
    expect.objectContaining({ path: ["top_logprobs"] }),
  ]);
});

test("what is ignored is told, also inside of what is read, and not what is null", () => {
  const request = {
    ...chat,
    messages: [{ role: "user", name: "ann", content: "a" }],
    stream_options: { include_obfuscation: true },
    store: true,
    service_tier: null,
    top_k: 40,
  };
  expect(ignoredFields(request, chatRequest)).toEqual([
    "store",
    "top_k",
    "messages.name",
    "stream_options.include_obfuscation",
  ]);
});
