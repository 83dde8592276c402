import { expect, test } from "vitest";
import { readOwnText } from "./readOwnText.ts";

const file = (name: string, content: string | Uint8Array) => ({
  name,
  bytes: typeof content === "string" ? new Uint8Array(Buffer.from(content)) : content,
});
const code = (name: string, facts: object = {}) =>
  expect.objectContaining({ code: name, facts: expect.objectContaining(facts) });

test("text files and lines of JSON become documents, in the order of their names", () => {
  const documents = readOwnText([
    file("z.txt", "last\r\n"),
    file("a/b.jsonl", '{"text":"one"}\n\n{"text":" two ","id":7}\n'),
  ]);
  expect(documents).toEqual([
    { id: "a/b.jsonl:1", text: "one" },
    { id: "a/b.jsonl:3", text: "two" },
    { id: "z.txt", text: "last" },
  ]);
});

test("bytes that are not UTF-8 are refused with the name of their file", () => {
  const latin1 = Uint8Array.of(0x63, 0x61, 0x66, 0xe9);
  expect(() => readOwnText([file("menu.txt", latin1)])).toThrow(
    code("DATASET_TEXT_INVALID", { file: "menu.txt" }),
  );
});

test.each([["{"], ["[1]"], ["null"], ['{"text":1}'], ['"text"']])(
  "the line %s is refused with its number",
  (line) => {
    const lines = `{"text":"fine"}\n${line}\n`;
    expect(() => readOwnText([file("x.jsonl", lines)])).toThrow(
      code("DATASET_TEXT_INVALID", { file: "x.jsonl", line: 2 }),
    );
  },
);

test("an empty file is refused, as is one with nothing but blanks", () => {
  for (const content of ["", " \n\t\u200b", '{"text":""}\n']) {
    const name = content.startsWith("{") ? "x.jsonl" : "x.txt";
    expect(() => readOwnText([file(name, content)])).toThrow(code("DATASET_EMPTY", { file: name }));
  }
});
