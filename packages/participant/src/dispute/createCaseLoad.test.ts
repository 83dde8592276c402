import type { ChainMessage } from "@r3mes/chain-client";
import { CaseKind } from "@r3mes/protocol/messages";
import { expect, test } from "vitest";
import { type CaseLoadDeps, createCaseLoad } from "./createCaseLoad.ts";

const address = "challenger";
const message = {} as ChainMessage;
const height = 100n;

interface OpenCase {
  readonly poolId?: bigint;
  readonly kind?: CaseKind;
  readonly blocksLeft: number;
  /** Since when the clock runs; it stands unless stated. */
  readonly startedHeight?: bigint;
}

/** Pool 1 takes `checkMs` to train a chunk of, if that was measured; a clock has 60 blocks of a second. */
function setup(checkMs: number | undefined, cases: readonly OpenCase[]) {
  const sent: ChainMessage[] = [];
  const told: unknown[] = [];
  const deps = {
    query: {
      cases: async () => ({
        cases: cases.map(({ poolId = 1n, kind = CaseKind.STEP, ...clock }) => ({
          ...{ poolId, kind, challenger: address },
          challengerClock: { startedHeight: 0n, ...clock },
          defenderClock: { blocksLeft: 0, startedHeight: 0n },
        })),
      }),
      params: async () => ({ params: { params: { dispute: { clockBlocks: 60 } } } }),
    } as unknown as CaseLoadDeps["query"],
    journal: {
      records: [
        { kind: "checked", submission: "1", equal: true, pool: "1", ms: 60_000 },
        ...(checkMs === undefined
          ? [{ kind: "checked", submission: "2", equal: true }]
          : [{ kind: "checked", submission: "2", equal: true, pool: "1", ms: checkMs }]),
      ].slice(checkMs === undefined ? 1 : 0),
    },
    submit: async (messages: readonly ChainMessage[]) => void sent.push(...messages),
    blockMs: () => 1_000,
    log: { warn: (...line: unknown[]) => void told.push(line) } as unknown as CaseLoadDeps["log"],
  };
  const load = createCaseLoad(address, deps);
  const open = (submission = 5n) => load.open({ submission, pool: 1n, message }, height);
  return { load, open, sent, told };
}

test("a case is opened while all can be played, behind the ones whose clocks end first", async () => {
  const full = { blocksLeft: 60 };
  // 20 s each, and of a whole clock 45 s are for computing.
  expect(await setup(10_000, []).open()).toBe(true);
  expect(await setup(10_000, [full]).open()).toBe(true);
  expect(await setup(10_000, [full, full]).open()).toBe(false);
  expect(await setup(10_000, [full, { blocksLeft: 90 }]).open()).toBe(true);
  expect(await setup(12_000, [full, { blocksLeft: 90 }]).open()).toBe(false);
  // Of a clock that runs the rest counts.
  expect(await setup(10_000, [{ blocksLeft: 60, startedHeight: 70n }]).open()).toBe(true);
  expect(await setup(10_000, [{ blocksLeft: 60, startedHeight: 50n }]).open()).toBe(false);
});

test("a device that is too slow for the clock opens none, and says so once", async () => {
  const { open, sent, told } = setup(23_000, []);
  expect(await open()).toBe(false);
  expect(await open()).toBe(false);
  expect(sent).toEqual([]);
  expect(told).toEqual([
    [{ submission: "5", ms: 23_000 }, "not challenged: its case could not be played in time"],
  ]);
});

test("before anything was measured one case is tried alone", async () => {
  expect(await setup(undefined, []).open()).toBe(true);
  expect(await setup(undefined, [{ blocksLeft: 60 }]).open()).toBe(false);
  // Of another pool nothing was measured.
  expect(await setup(1_000, [{ poolId: 2n, blocksLeft: 60 }]).open()).toBe(false);
});

test("a check is begun only where every open case can wait for it", async () => {
  expect(await setup(10_000, []).load.bearsCheck(1n, height)).toBe(true);
  expect(await setup(undefined, []).load.bearsCheck(1n, height)).toBe(true);
  expect(await setup(10_000, [{ blocksLeft: 40 }]).load.bearsCheck(1n, height)).toBe(true);
  expect(await setup(10_000, [{ blocksLeft: 39 }]).load.bearsCheck(1n, height)).toBe(false);
  expect(await setup(10_000, [{ blocksLeft: 60 }]).load.bearsCheck(2n, height)).toBe(false);
});

test("a case about a sum trains nothing, and waits for a check as any other", async () => {
  const sum = { kind: CaseKind.AGGREGATE, blocksLeft: 60 };
  const fresh = setup(undefined, [sum]);
  expect(await fresh.load.bearsCheck(1n, height)).toBe(true);
  expect(await fresh.open()).toBe(true);
  expect(await setup(20_000, [sum]).open()).toBe(true);
  expect(await setup(20_000, [{ ...sum, blocksLeft: 20 }]).load.bearsCheck(1n, height)).toBe(false);
});
