import { PoolStatus, type Round } from "@r3mes/protocol/messages";
import { expect, test } from "vitest";
import { createOpenRounds } from "./createOpenRounds.ts";

test("nothing is asked about the rounds of a pool that is over", async () => {
  const pools = [
    { id: 1n, round: 2, status: PoolStatus.CLOSED },
    { id: 2n, round: 1, status: PoolStatus.OPEN },
  ];
  const asked: bigint[] = [];
  // As the chain keeps a round that nobody worked in: no submission was ever settled, so that it has no root of them.
  const roundOf = (poolId: bigint, number: number) =>
    ({ poolId, number, sumEndHeight: 0n, openCases: 0 }) as Round;
  const query = {
    pools: async () => ({ pools }),
    rounds: async ({ poolId }: { readonly poolId: bigint }) => ({
      rounds: poolId === 1n ? [roundOf(1n, 1), roundOf(1n, 2)] : [roundOf(2n, 1)],
    }),
    async round({ poolId, number }: { readonly poolId: bigint; readonly number: number }) {
      asked.push(poolId);
      return { round: roundOf(poolId, number) };
    },
  } as unknown as Parameters<typeof createOpenRounds>[0];
  const openRounds = createOpenRounds(query);
  const look = async () => (await openRounds(() => true)).map(({ poolId }) => poolId);
  for (let i = 0; i < 3; i += 1) expect(await look()).toEqual([2n]);
  expect(asked).toEqual([2n, 2n]);
});
