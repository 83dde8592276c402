import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { shaderMutants } from "./shaderMutants.ts";

test("every mutant of a shader still has a place to stand", () => {
  const missing = shaderMutants.filter(({ file, from }) => {
    const text = readFileSync(new URL(`../kernels/webgpu/${file}`, import.meta.url), "utf8");
    return !text.includes(from);
  });
  expect(missing).toEqual([]);
});
