import { PoolStatus } from "@r3mes/protocol/messages";
import { expect, test } from "vitest";
import { createLivePools } from "./createLivePools.ts";

test("a closed pool is asked about until none of its sums may be disputed, and never again", async () => {
  const settled = { sumEndHeight: 0n, openCases: 0 };
  const rounds = new Map([
    [1n, [settled, settled]],
    // Its first sum is in dispute, and the last one is final.
    [2n, [{ sumEndHeight: 90n, openCases: 1 }, settled]],
    [3n, [settled]],
  ]);
  const pools = [
    { id: 1n, status: PoolStatus.CLOSED },
    { id: 2n, status: PoolStatus.CLOSED },
    { id: 3n, status: PoolStatus.CLOSING },
  ];
  const asked: bigint[] = [];
  const query = {
    pools: async () => ({ pools }),
    async rounds({ poolId }: { readonly poolId: bigint }) {
      asked.push(poolId);
      return { rounds: rounds.get(poolId)! };
    },
  } as unknown as Parameters<typeof createLivePools>[0];
  const livePools = createLivePools(query);
  const look = async () => (await livePools()).map(({ id }) => id);
  expect([await look(), await look()]).toEqual([
    [2n, 3n],
    [2n, 3n],
  ]);
  expect(asked).toEqual([1n, 2n, 2n]);
  rounds.set(2n, [settled, settled]);
  expect([await look(), await look()]).toEqual([[3n], [3n]]);
  expect(asked).toEqual([1n, 2n, 2n, 2n]);
});
