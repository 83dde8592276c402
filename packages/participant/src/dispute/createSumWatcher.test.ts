import { R3mesError } from "@r3mes/protocol";
import { CaseKind, type Round } from "@r3mes/protocol/messages";
import type { JournalRecord } from "@r3mes/service";
import { expect, test } from "vitest";
import { type SumDifference, sumChallengeMessage } from "./checkSum.ts";
import { createSumWatcher, type SumWatcherDeps } from "./createSumWatcher.ts";

const address = "challenger";
const log = { info() {}, warn() {} } as unknown as SumWatcherDeps["log"];

/**
 * A pool whose twelfth round was its last. The sums of rounds 2, 3 and 12 may be challenged up to height 50, those between them were settled
 * early; those of the rounds in `wrong` differ.
 */
function setup(wrong: Readonly<Record<number, SumDifference>>) {
  const records: JournalRecord[] = [];
  const checked: number[] = [];
  const sent: unknown[] = [];
  const state = { isAway: false, cases: [] as object[] };
  const last = 12;
  const roundOf = (number: number) => ({
    ...{ poolId: 7n, number },
    sumEndHeight: [2, 3, last].includes(number) ? 50n : 0n,
  });
  const query = {
    pools: async () => ({ pools: [{ id: 7n, round: last }] }),
    rounds: async () => ({ rounds: Array.from({ length: last }, (_, i) => roundOf(i + 1)) }),
    round: async ({ number }: { readonly number: number }) => ({ round: roundOf(number) }),
    cases: async () => ({ cases: state.cases }),
  } as unknown as SumWatcherDeps["query"];
  const deps: SumWatcherDeps = {
    query,
    journal: { records, append: async (record) => void records.push(record) },
    async submit([message]) {
      if (state.isAway) throw new R3mesError({ code: "NODE_UNREACHABLE" });
      sent.push(message);
    },
    async check({ number }) {
      checked.push(number);
      return wrong[number] ?? null;
    },
    log,
  };
  return { deps, state, checked, sent };
}

async function ticks(tick: (height: bigint) => Promise<void>, height = 40n): Promise<void> {
  for (let i = 0; i < 4; i += 1) {
    await tick(height);
    for (let j = 0; j < 4; j += 1) await new Promise((resolve) => setImmediate(resolve));
  }
}

const challengeOf = (number: number, part: "adapter" | "momentum") =>
  sumChallengeMessage(address, { poolId: 7n, number } as Round, part);

test("each open sum is made once, and what differs is challenged once, whatever restarts", async () => {
  const { deps, checked, sent } = setup({ 3: "momentum", 12: "adapter" });
  for (let life = 0; life < 2; life += 1) await ticks(createSumWatcher(address, deps));
  expect(checked).toEqual([2, 3, 12]);
  expect(sent).toEqual([challengeOf(3, "momentum"), challengeOf(12, "adapter")]);
});

test("a sum that nobody may challenge any more is left alone", async () => {
  const { deps, checked } = setup({ 3: "adapter" });
  await ticks(createSumWatcher(address, deps), 51n);
  expect(checked).toEqual([]);
});

test("a challenge that did not get through is made again, and one that is on the chain is not", async () => {
  const { deps, state, checked, sent } = setup({ 3: "adapter" });
  state.isAway = true;
  const watch = createSumWatcher(address, deps);
  await ticks(watch);
  state.isAway = false;
  state.cases = [{ kind: CaseKind.AGGREGATE, poolId: 7n, round: 3 }];
  await ticks(watch);
  expect(sent).toEqual([]);
  state.cases = [];
  await ticks(watch);
  expect([checked, sent]).toEqual([[2, 3, 12], [challengeOf(3, "adapter")]]);
});
