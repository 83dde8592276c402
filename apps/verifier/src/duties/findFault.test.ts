import { type ChainMessage, chainMessage } from "@r3mes/chain-client";
import { createDutyQueue } from "@r3mes/participant";
import { R3mesError } from "@r3mes/protocol";
import { type Duty, DutyKind, MsgFindFaultSchema, WrongPart } from "@r3mes/protocol/messages";
import type { JournalRecord } from "@r3mes/service";
import { expect, test } from "vitest";
import { createHeights } from "../createHeights.ts";
import type { VerifierDeps } from "../verifierDeps.ts";
import { findFault, isFoundRight } from "./findFault.ts";

const options = { operator: "remes1one" };
const duty = { kind: DutyKind.FIND_FAULT, id: 7n, fromHeight: 5n, endHeight: 30n } as Duty;

/** A verifier with what an earlier life has written down. */
function setup(records: JournalRecord[]) {
  const sent: ChainMessage[] = [];
  const told: unknown[] = [];
  const log = { info: () => undefined, warn: (fields: unknown) => told.push(fields) };
  const deps = {
    query: {
      submission: async () => ({ submission: { id: 7n, poolId: 1n, round: 2 } }),
      round: async () => ({}),
    },
    async openPool() {
      throw new R3mesError({ code: "CONTENT_UNAVAILABLE", cid: "bafy" });
    },
    journal: { records, append: async (record: JournalRecord) => records.push(record) },
    submit: async (messages: readonly ChainMessage[]) => sent.push(...messages),
    log,
  } as unknown as VerifierDeps;
  const work = { queue: createDutyQueue({ log } as never), heights: createHeights() };
  return { act: () => findFault(options, deps, work, duty), sent, told, records };
}

test("what was found before a kill is said as it was written down, and not looked for again", async () => {
  const { act, sent, told } = setup([{ kind: "finding", submission: "7", wrong: "update" }]);
  expect(await act()).toBe(true);
  const said = { operator: "remes1one", submissionId: 7n, part: WrongPart.UPDATE };
  expect(sent).toEqual([chainMessage(MsgFindFaultSchema, said)]);
  expect(told).toEqual([]);
});

test("of work that is right nothing is said, and it is shown as done", async () => {
  const { act, sent, records } = setup([{ kind: "finding", submission: "7" }]);
  expect(await act()).toBe(false);
  expect(sent).toEqual([]);
  expect(isFoundRight(records, duty)).toBe(true);
  expect(isFoundRight(records, { ...duty, id: 8n })).toBe(false);
  expect(isFoundRight(records, { ...duty, kind: DutyKind.REVEAL_VERDICT })).toBe(false);
});

test("whoever cannot look promises and says nothing, tells why, and looks again at a later block", async () => {
  const { act, sent, told, records } = setup([]);
  for (const times of [1, 2]) {
    expect(await act()).toBe(false);
    await expect.poll(() => told).toHaveLength(times);
  }
  const error = { code: "CONTENT_UNAVAILABLE" };
  expect(told[0]).toMatchObject({ duty: "inquiry into 7", error });
  expect([sent, records]).toEqual([[], []]);
});
