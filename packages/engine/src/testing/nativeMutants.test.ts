import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { nativeMutants } from "./nativeMutants.ts";

test("every mutant of a native kernel still has a place to stand", () => {
  const missing = nativeMutants.filter(({ file, from }) => {
    const text = readFileSync(new URL(`../kernels/native/${file}`, import.meta.url), "utf8");
    return !text.includes(from);
  });
  expect(missing).toEqual([]);
});
