import { expect, test } from "vitest";
import { chooseAdapter } from "./chooseAdapter.ts";

// Two pools took turns.
const versions = [1n, 2n, 1n, 2n].map((poolId, i) => ({ id: BigInt(i + 1), poolId }));
const idOf = (name: string) => chooseAdapter(name, versions)?.id;

test("the API's name of a model is the version that the API serves under it", () => {
  expect(["pool-1@v3", "pool-2@v2", "pool-1@latest"].map(idOf)).toEqual([3n, 2n, 3n]);
});

test("adapter is whichever pool made it, by the same number", () => {
  expect(["adapter@v3", "adapter@v2", "adapter@latest"].map(idOf)).toEqual([3n, 2n, 4n]);
});

test("what names no version finds none", () => {
  const unknown = ["pool-1@v2", "adapter@v5", "adapter@v0", "pool-3@latest", "pool-1@3"];
  const nameless = ["moby-dick@v1", "1@v1", "pool-@v1", "@v1", "adapter", "pool-1@v03", ""];
  for (const name of [...unknown, ...nameless]) expect(idOf(name)).toBeUndefined();
});
