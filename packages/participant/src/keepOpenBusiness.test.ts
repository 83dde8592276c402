import { type JournalRecord, type Keep, keepNewest } from "@r3mes/service";
import fc from "fast-check";
import { expect, test } from "vitest";
import { postsOfCase } from "./dispute/caseRecord.ts";
import { countChecks, keepChecks } from "./dispute/checkRecord.ts";
import { createPaySum } from "./earnings.ts";
import { keepOpenBusiness } from "./keepOpenBusiness.ts";

const small = fc.nat(9);
const event = fc.oneof(
  fc.record({ kind: fc.constant("signed"), timeout: small.map(String) }),
  fc.record({ kind: fc.constant("closed"), timeout: small.map(String) }),
  fc.record({ kind: fc.constant("paid"), amount: small.map(String), height: small.map(String) }),
  fc.record({
    kind: fc.constant("post"),
    case: fc.constantFrom("7", "7 signs", "8"),
    isRoot: fc.boolean(),
    height: small,
    index: small,
    children: fc.constant([]),
  }),
  fc.record({ kind: fc.constant("checked"), submission: small.map(String), equal: fc.boolean() }),
);
/** Lives of a process, in each of which something is promised and between which its journal is written anew. */
const lives = fc.array(fc.array(event, { maxLength: 200 }), { minLength: 1, maxLength: 5 });

/** A transaction is closed after it was signed, and its time is its own. */
function inOrder(history: readonly JournalRecord[]): JournalRecord[] {
  const signed = new Set<unknown>();
  const closed = new Set<unknown>();
  return history.filter(({ kind, timeout }) => {
    if (kind === "signed") return !signed.has(timeout) && signed.add(timeout);
    if (kind === "closed")
      return signed.has(timeout) && !closed.has(timeout) && closed.add(timeout);
    return true;
  });
}

function openOf(records: readonly JournalRecord[]): unknown[] {
  const closed = new Set(
    records.flatMap(({ kind, timeout }) => (kind === "closed" ? timeout : [])),
  );
  return records.filter(({ kind, timeout }) => kind === "signed" && !closed.has(timeout));
}

function businessOf(records: readonly JournalRecord[]) {
  const journal = { records, append: async () => {} };
  return {
    open: openOf(records),
    paid: createPaySum({ records })(),
    posts: ["7", "7 signs", "8"].map((id) => postsOfCase(journal, id)),
    checks: countChecks(records),
  };
}

test("what is asked of a journal is answered alike however often it was written anew", () => {
  const keep: Keep = keepOpenBusiness([keepChecks]);
  fc.assert(
    fc.property(lives, (parts) => {
      const whole = inOrder(parts.flat());
      let left: readonly JournalRecord[] = [];
      let from = 0;
      for (const part of parts) {
        // What was filtered from the whole is missing at its end only.
        const to = Math.min(whole.length, from + part.length);
        left = keep([...left, ...whole.slice(from, to)]);
        from = to;
      }
      expect(businessOf(left)).toEqual(businessOf(whole));
      expect(left.filter(({ kind }) => kind === "closed")).toEqual([]);
      expect(left.filter(({ kind }) => kind === "paid").length).toBeLessThanOrEqual(64);
    }),
  );
});

test("what nobody closes is kept for ever, and what is unknown too", () => {
  const open = { kind: "signed", timeout: "1" };
  const unknown = { kind: "funded", address: "remes1" };
  const noise = Array.from({ length: 9_000 }, (_, i) => [
    { kind: "signed", timeout: `${i + 2}` },
    { kind: "paid", height: `${i}`, index: 0, amount: "3" },
    { kind: "closed", timeout: `${i + 2}` },
  ]).flat();
  const kept = keepOpenBusiness([keepNewest("paid", 1)])([open, unknown, ...noise]);
  expect(kept).toEqual([
    { kind: "paidBefore", amount: String(3 * (9_000 - 64)) },
    open,
    unknown,
    { kind: "paid", height: "8999", index: 0, amount: "3" },
  ]);
});
