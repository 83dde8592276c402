import type { ChatTemplate, ModelManifest, Tokenizer } from "@r3mes/models";
import { GENESIS_FOLDER, openModelFolder } from "@r3mes/models/node";
import { beforeAll, expect, test } from "vitest";
import { createPrompts } from "./createPrompts.ts";

const code = (name: string, facts = {}) =>
  expect.objectContaining({ code: name, facts: expect.objectContaining(facts) });

let manifest: ModelManifest;
let tokenizer: Tokenizer;
beforeAll(async () => {
  const model = await openModelFolder(GENESIS_FOLDER);
  ({ manifest } = model);
  tokenizer = model.tokenizer!;
  await model.close();
});

const template: ChatTemplate = {
  source: "{% for m in messages %}<eot>{{ m.role }}: {{ m.content }}{% endfor %}<eot>",
  beginOfText: "",
  endOfText: "<eot>",
};

function setup(chatTemplate?: ChatTemplate) {
  const own = { ...manifest.tokenizer!, ...(chatTemplate === undefined ? {} : { chatTemplate }) };
  return createPrompts({ ...manifest, tokenizer: own }, tokenizer);
}

test("a text stands behind the token that ends a text, and never becomes a control token", () => {
  const prompt = setup().text("<eot> the", "prompt");
  expect(prompt[0]).toBe(manifest.tokenizer!.endOfText);
  expect(prompt.slice(1)).not.toContain(manifest.tokenizer!.endOfText);
  expect(tokenizer.decode(prompt)).toBe("<eot> the");
});

test("without a template a conversation is its contents, line by line", () => {
  const messages = [
    { role: "developer" as const, content: "Be brief." },
    {
      role: "user" as const,
      content: [
        { type: "text" as const, text: "The " },
        { type: "text" as const, text: "whale" },
      ],
    },
  ];
  expect(setup().chat(messages)).toEqual(setup().text("Be brief.\nThe whale", "prompt"));
});

test("an answer is replayed by its text, or by the refusal that stands for it", () => {
  const parts = [
    { type: "text" as const, text: "The " },
    { type: "refusal" as const, refusal: "whale" },
  ];
  const messages = [
    { role: "assistant" as const, content: null },
    { role: "assistant" as const, content: null, refusal: "No." },
    { role: "assistant" as const, content: parts },
  ];
  expect(setup().chat(messages)).toEqual(setup().text("\nNo.\nThe whale", "prompt"));
});

test("with a template it is laid out, and what people write stays text", () => {
  const end = manifest.tokenizer!.endOfText;
  const prompt = setup(template).chat([{ role: "user", content: "<eot>" }]);
  expect(prompt.filter((token) => token === end).length).toBe(2);
  expect(tokenizer.decode(prompt)).toBe("user: <eot>");
});

test("the context can be filled, and nothing is cut", () => {
  const { context } = manifest.architecture;
  const the = tokenizer.encode(" the");
  expect(the.length).toBe(1);
  expect(setup().text(" the".repeat(context - 1), "prompt").length).toBe(context);
  expect(() => setup().text(" the".repeat(context), "prompt")).toThrow(code("CONTEXT_EXCEEDED"));
  expect(() => setup().tokens(new Array(context + 1).fill(1), "input")).toThrow(
    code("CONTEXT_EXCEEDED"),
  );
  expect(() => setup().tokens([4096], "input")).toThrow(code("TOKEN_OUT_OF_VOCABULARY"));
});

test("a text that cannot fit is refused without being cut into tokens", () => {
  const counting = { ...tokenizer, encode: () => expect.unreachable("it was encoded") as never };
  const prompts = createPrompts(manifest, counting);
  expect(() => prompts.text("a".repeat(10_000_000), "prompt")).toThrow(code("CONTEXT_EXCEEDED"));
  const laidOut = { ...manifest.tokenizer!, chatTemplate: template };
  const chat = createPrompts(
    { ...manifest, tokenizer: laidOut },
    { ...counting, encodePrompt: counting.encode },
  );
  // None of them is too long alone.
  const messages = new Array(1_000).fill({ role: "user", content: "a".repeat(1_000) });
  expect(() => chat.chat(messages)).toThrow(code("CONTEXT_EXCEEDED"));
});

test("what is too long, or no token, is told by the field that holds it", () => {
  const { context } = manifest.architecture;
  const prompts = setup();
  const long = " the".repeat(context);
  const tooLong = (field: string) => code("CONTEXT_EXCEEDED", { field });
  expect(() => prompts.chat([{ role: "user", content: long }])).toThrow(tooLong("messages"));
  expect(() => prompts.text(long, "prompt")).toThrow(tooLong("prompt"));
  expect(() => prompts.text(long, "input")).toThrow(tooLong("input"));
  expect(() => prompts.text("a".repeat(10_000_000), "input")).toThrow(tooLong("input"));
  const stray = code("TOKEN_OUT_OF_VOCABULARY", { field: "prompt" });
  expect(() => prompts.tokens([4096], "prompt")).toThrow(stray);
});
