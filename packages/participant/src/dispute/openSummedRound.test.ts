import { contentIdToBytes, memoryStore } from "@r3mes/storage";
import { expect, test } from "vitest";
import { type SummedRoundDeps, updatesOfOpenSums } from "./openSummedRound.ts";

test("the updates of every sum that is open are named, whatever rounds lie between", async () => {
  const store = memoryStore();
  const idOf = (round: number, id: bigint) => store.put(Uint8Array.of(round, Number(id)));
  const rounds = [
    { number: 1, sumEndHeight: 0n, openCases: 0 },
    { number: 2, sumEndHeight: 90n, openCases: 0 },
    { number: 3, sumEndHeight: 0n, openCases: 0 }, // carried over
    { number: 4, sumEndHeight: 0n, openCases: 1 },
    { number: 5, sumEndHeight: 0n, openCases: 0 }, // under way
  ].map((round) => ({ ...round, poolId: 7n }));
  const query = {
    pools: async () => ({ pools: [{ id: 7n, round: 5 }] }),
    rounds: async () => ({ rounds }),
    submissions: async ({ round }: { readonly round: number }) => ({
      submissions: await Promise.all(
        [3n, 1n, 2n].map(async (id) => ({
          ...{ id, summed: id < 3n },
          updateCid: contentIdToBytes(await idOf(round, id)),
        })),
      ),
    }),
  } as unknown as SummedRoundDeps["query"];
  const expected = [idOf(2, 1n), idOf(2, 2n), idOf(4, 1n), idOf(4, 2n)];
  expect(await updatesOfOpenSums({ query })).toEqual(await Promise.all(expected));
});
