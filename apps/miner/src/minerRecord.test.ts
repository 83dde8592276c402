import type { Query } from "@r3mes/protocol/messages";
import type { Journal } from "@r3mes/service";
import { contentIdFromBytes } from "@r3mes/storage";
import { expect, test } from "vitest";
import { findWork } from "./findWork.ts";
import { keepWork, type MinerRecord, openWorkMax, type WorkRecord } from "./minerRecord.ts";
import { type OwnContentDeps, ownContent } from "./ownContent.ts";

/** An address for each number. */
function cidOf(n: number): string {
  const bytes = new Uint8Array(36);
  bytes.set([1, 0x55, 0x12, 0x20]);
  new DataView(bytes.buffer).setUint32(4, n);
  return String(contentIdFromBytes(bytes));
}

const work = (lease: number): WorkRecord => ({
  kind: "work",
  lease: String(lease),
  stateRoots: [],
  stepsRoot: "",
  updateRoot: "",
  stateCids: [cidOf(2 * lease)],
  updateCid: cidOf(2 * lease + 1),
  lossSum: "0",
  salt: "",
});

/** A chain on which all work is leased still. */
const query = {
  submission: async () => ({ submission: { status: 1 } }),
} as unknown as OwnContentDeps["query"] & typeof Query;

function journalOf(records: readonly MinerRecord[]): Journal<MinerRecord> {
  return { records, append: async () => {}, close: async () => {} };
}

function contentOf(records: readonly MinerRecord[]) {
  return ownContent({ query, journal: journalOf(records) });
}

test("a journal that is written anew again and again names the same content and the same open work", async () => {
  const whole: MinerRecord[] = [];
  let left: MinerRecord[] = [];
  for (let lease = 1; lease <= 300; lease += 1) {
    whole.push(work(lease));
    left.push(work(lease));
    if (lease % 70 === 0) left = [...keepWork(left)] as MinerRecord[];
  }
  expect(left.length).toBeLessThan(openWorkMax + 70);
  expect((await contentOf(left)).map(String)).toEqual((await contentOf(whole)).map(String));
  for (let lease = 301 - openWorkMax; lease <= 300; lease += 1) {
    expect(findWork({ journal: journalOf(left) }, BigInt(lease))).toEqual(work(lease));
  }
});
