import { expect, test } from "vitest";
import { chatRequest, completionRequest, embeddingRequest } from "./requestSchemas.ts";

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
    [completionRequest.safeParse({ model, prompt: { text: "a" } }), "prompt", /list of its tokens/],
    [embeddingRequest.safeParse({ model, input: 3 }), "input", /the tokens of one/],
  ] as const) {
    const issues = told(result);
    expect(issues.map(({ path }) => path.at(-1))).toEqual([field]);
    expect(issues[0]!.message).toMatch(form);
  }
});
