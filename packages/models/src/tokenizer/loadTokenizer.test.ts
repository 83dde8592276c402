import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { loadTokenizer } from "./loadTokenizer.ts";

const file = new URL("../../genesis/tokenizer.json", import.meta.url);
const tokenizer = loadTokenizer(readFileSync(file), "tokenizer.json");
const anyText = fc.string({ unit: "binary", maxLength: 200 });

test("any text comes back from its tokens", () => {
  fc.assert(fc.property(anyText, (text) => tokenizer.decode(tokenizer.encode(text)) === text));
});

test("white space and line ends of every kind come back", () => {
  const blanks = fc.string({
    unit: fc.constantFrom(" ", "\n", "\r", "\t", "\u00a0", "\u2028", "a", "1"),
  });
  fc.assert(fc.property(blanks, (text) => tokenizer.decode(tokenizer.encode(text)) === text));
});

test("a stream gives whole characters, and together the text", () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const stream = tokenizer.stream();
      const parts = tokenizer.encode(text).map((token) => stream.push(token));
      for (const part of parts) expect(part).not.toMatch(/\p{Surrogate}/u);
      expect(parts.join("")).toBe(text);
      expect(stream.end()).toBe("");
    }),
  );
});

test("a character that never ends becomes a replacement character", () => {
  const [first] = tokenizer.encode("\u{1f40b}");
  const stream = tokenizer.stream();
  expect(stream.push(first!)).toBe("");
  expect(stream.end()).toMatch(/^\ufffd+$/);
});

test("a token is its bytes, together the text; a control token has none", () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const bytes = tokenizer.encode(text).flatMap((token) => [...tokenizer.bytesOf(token)]);
      expect(bytes).toEqual([...new TextEncoder().encode(text)]);
    }),
  );
  expect(tokenizer.bytesOf(tokenizer.controlToken("<eot>")!)).toHaveLength(0);
});

test("digits are tokens of their own", () => {
  expect(tokenizer.encode("1851")).toHaveLength(4);
});

test("text that spells a control token stays text", () => {
  expect(tokenizer.controlToken("<eot>")).toBe(0);
  expect(tokenizer.encode("a<eot>b")).not.toContain(0);
  expect(tokenizer.encodePrompt("a<eot>b")).toContain(0);
  expect(tokenizer.decode(tokenizer.encode("a<eot>b"))).toBe("a<eot>b");
});

test("a file that is no byte-level BPE is refused", () => {
  for (const text of ["", "{", "null", "[]", '{"model":{"type":"WordPiece"}}']) {
    expect(() => loadTokenizer(Buffer.from(text), "t.json")).toThrow(
      expect.objectContaining({ code: "TOKENIZER_INVALID" }),
    );
  }
  const parsed = JSON.parse(readFileSync(file, "utf8"));
  for (const change of [
    { normalizer: { type: "NFC" } },
    { model: { ...parsed.model, vocab: { ...parsed.model.vocab, extra: 9999 } } },
  ]) {
    const changed = Buffer.from(JSON.stringify({ ...parsed, ...change }));
    expect(() => loadTokenizer(changed, "t.json")).toThrow("tokenizer");
  }
});
