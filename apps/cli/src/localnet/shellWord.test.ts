import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { shellWord } from "./shellWord.ts";

test("a plain path stays as it is", () => {
  expect(shellWord("/project/.r3mes/local.key")).toBe("/project/.r3mes/local.key");
});

test.each(["/my net/r3més/it's", "a'b'c", '$HOME `id` "x" \\ *', ""])(
  "a shell reads %s as one word",
  (text) => {
    const read = execFileSync("sh", ["-c", `printf %s ${shellWord(text)}`], { encoding: "utf8" });
    expect(read).toBe(text);
  },
);
