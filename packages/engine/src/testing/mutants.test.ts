import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { mutants } from "./mutants.ts";
import { nativeMutants } from "./nativeMutants.ts";
import { shaderMutants } from "./shaderMutants.ts";

test.each([
  ["wasm", mutants],
  ["native", nativeMutants],
  ["webgpu", shaderMutants],
] as const)("every mutant of a kernel in %s still has a place to stand", (folder, list) => {
  const missing = list.filter(({ file, from }) => {
    const text = readFileSync(new URL(`../kernels/${folder}/${file}`, import.meta.url), "utf8");
    return !text.includes(from);
  });
  expect(missing).toEqual([]);
});
