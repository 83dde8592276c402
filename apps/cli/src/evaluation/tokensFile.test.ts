import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { readTokensFile } from "./tokensFile.ts";

test("a list of tokens is read, anything else is refused by its code", () => {
  const folder = mkdtempSync(join(tmpdir(), "r3mes-tokens-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, "tokens.json");
  const read = (text: string) => {
    writeFileSync(path, text);
    return readTokensFile(path, 10);
  };
  expect(read("[0, 9, 3]")).toEqual([0, 9, 3]);
  for (const text of ["", "[", "{}", "[]", "[10]", "[-1]", "[1.5]", '["1"]', "[[1]]", "null"]) {
    expect(() => read(text)).toThrow(expect.objectContaining({ code: "TOKENS_FILE_INVALID" }));
  }
  expect(() => readTokensFile(join(folder, "none"), 10)).toThrow(
    expect.objectContaining({ code: "FILE_UNREADABLE" }),
  );
});
