import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { reverseLanes } from "./reverseLanes.ts";

const kernel = (name: string) =>
  readFileSync(new URL(`../kernels/webgpu/${name}.wgsl`, import.meta.url), "utf8");

test("the last invocation of a workgroup does the work of the first", () => {
  expect(reverseLanes(kernel("eachSum"))).toContain("  let lane = 255u - seat;\n");
  expect(reverseLanes(kernel("eachRow"))).toContain("  let lane = 63u - seat;\n");
});

test("what knows no workgroup stays as it is", () => {
  for (const name of ["eachElement", "integer"]) {
    expect(reverseLanes(kernel(name))).toBe(kernel(name));
  }
});
