import { expect, test } from "vitest";
import { chooseAdapter } from "./chooseAdapter.ts";

// Two pools took turns: version 3 of the chain is the second of pool 1.
const versions = [1n, 2n, 1n, 2n].map((poolId, i) => ({ id: BigInt(i + 1), poolId }));
const names = new Map([["moby-dick", 2n]]);
const idOf = (name: string) => chooseAdapter(name, names, versions)?.id;

test("a pool's name counts the versions of that pool", () => {
  expect(["adapter@v2", "moby-dick@v1", "2@2", "1@latest"].map(idOf)).toEqual([3n, 2n, 4n, 3n]);
});

test("the API's name of a model is the version that the API serves under it", () => {
  expect(["pool-1@v3", "pool-2@v2", "pool-2@latest"].map(idOf)).toEqual([3n, 2n, 4n]);
});

test("what names no version finds none", () => {
  const unknown = ["pool-1@v2", "adapter@v3", "factbook@v1", "pool-@v1", "@v1", "adapter", "1@v0"];
  expect(unknown.map(idOf)).toEqual(unknown.map(() => undefined));
});
