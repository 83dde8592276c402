import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { exitCodeMeanings, exitCodes } from "./exitCodes.ts";

test("the README lists the exit codes as they are", () => {
  const readme = readFileSync(join(import.meta.dirname, "../README.md"), "utf8");
  for (const name of Object.keys(exitCodes) as (keyof typeof exitCodes)[]) {
    expect(readme).toContain(`| ${exitCodes[name]} | ${exitCodeMeanings[name]} |`);
  }
});
