import type { JournalRecord } from "@r3mes/service";
import { expect, test } from "vitest";
import { createPaySum } from "./earnings.ts";

const paid = (height: number, amount: bigint): JournalRecord => ({
  ...{ kind: "paid", height: String(height), index: 0, amount: String(amount) },
});

test("what was paid is summed from records that are read once, and anew when the journal was written anew", () => {
  let reads = 0;
  const counted = (record: JournalRecord) =>
    new Proxy(record, {
      get(target, field) {
        if (field === "kind") reads += 1;
        return target[String(field)];
      },
    });
  const journal = { records: [paid(1, 5n), { kind: "closed" }, paid(2, 7n)].map(counted) };
  const paidSoFar = createPaySum(journal);
  expect(paidSoFar()).toBe(12n);
  journal.records.push(counted(paid(3, 2n ** 60n)));
  expect(paidSoFar()).toBe(2n ** 60n + 12n);
  expect([paidSoFar(), reads]).toEqual([2n ** 60n + 12n, 4]);
  journal.records = [counted(paid(3, 9n))];
  expect(paidSoFar()).toBe(9n);
});
