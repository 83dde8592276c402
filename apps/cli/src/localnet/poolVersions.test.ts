import { expect, test } from "vitest";
import { poolVersions } from "./poolVersions.ts";

const bit = 2n ** 16n;

test("a version has the chain's number, whichever pools made those between", () => {
  const made = [1n, 2n, 2n, 1n].map((poolId, i) => ({
    id: BigInt(i + 1),
    poolId,
    heldOutLoss: bit * BigInt(80 - i),
  }));
  expect(poolVersions(1n, made, 10)).toEqual({
    adapterVersion: 4,
    heldOutLoss: [
      { version: 1, loss: 8 },
      { version: 4, loss: 7.7 },
    ],
  });
});

test("a pool without a version is at 0", () => {
  expect(poolVersions(3n, [], 10)).toEqual({ adapterVersion: 0, heldOutLoss: [] });
});
