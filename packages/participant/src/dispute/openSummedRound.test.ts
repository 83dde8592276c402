import { RoundPhase } from "@r3mes/protocol/messages";
import { contentIdToBytes, memoryStore } from "@r3mes/storage";
import { expect, test } from "vitest";
import { createOpenUpdates, type SummedRoundDeps } from "./openSummedRound.ts";

test("the updates of every sum that is made or open are named, and what is audited, whatever rounds lie between", async () => {
  const store = memoryStore();
  const idOf = (round: number, id: bigint) => store.put(Uint8Array.of(round, Number(id)));
  const rounds = [
    { number: 1, phase: RoundPhase.COMPLETE },
    { number: 2, phase: RoundPhase.COMPLETE, sumEndHeight: 90n },
    { number: 3, phase: RoundPhase.CARRIED_OVER },
    { number: 4, phase: RoundPhase.CARRIED_OVER, openCases: 1 },
    { number: 5, phase: RoundPhase.AGGREGATION },
    { number: 6, phase: RoundPhase.AUDIT },
  ].map((round) => ({ poolId: 7n, sumEndHeight: 0n, openCases: 0, ...round }));
  const asked: number[] = [];
  const query = {
    pools: async () => ({ pools: [{ id: 7n, round: 6 }] }),
    rounds: async () => ({ rounds }),
    round: async ({ number }: { readonly number: number }) => {
      asked.push(number);
      return { round: rounds[number - 1] };
    },
    submissions: async ({ round }: { readonly round: number }) => ({
      submissions: await Promise.all(
        [3n, 1n, 4n, 2n].map(async (id) => ({
          ...{ id, summed: id < 3n },
          // What the first shows its auditors is step 1, which begins with a state that everybody has.
          ...(id === 1n && {
            opening: {
              stateBeforeCid: new Uint8Array(),
              stateFinalCid: contentIdToBytes(await idOf(round, 10n)),
            },
          }),
          // The fourth is committed and not revealed.
          updateCid: id === 4n ? new Uint8Array() : contentIdToBytes(await idOf(round, id)),
        })),
      ),
    }),
  } as unknown as SummedRoundDeps["query"];
  const expected = [2, 4, 5].flatMap((round) => [idOf(round, 1n), idOf(round, 2n)]);
  // Its audits may accept the third yet, and have a state to read.
  expected.push(...[1n, 10n, 2n, 3n].map((id) => idOf(6, id)));
  const openUpdates = createOpenUpdates(query);
  expect(await openUpdates()).toEqual(await Promise.all(expected));
  rounds[1]!.sumEndHeight = 0n;
  expect(await openUpdates()).toEqual(await Promise.all(expected.slice(2)));
  expect(await openUpdates()).toEqual(await Promise.all(expected.slice(2)));
  // What is behind every open round is not asked for again.
  expect(asked).toEqual([2, 3, 4, 5, 6, 4, 5, 6]);
});
