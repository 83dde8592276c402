import { expect, test } from "vitest";
import { foldOlder } from "./foldOlder.ts";
import { keepAll } from "./keepAll.ts";
import { keepNewest } from "./keepNewest.ts";
import type { JournalRecord } from "./openJournal.ts";

interface Part extends JournalRecord {
  readonly kind: "part";
  readonly size: number;
}
interface Whole extends JournalRecord {
  readonly kind: "whole";
  readonly sum: number;
}

const part = (size: number): Part => ({ kind: "part", size });
const other = { kind: "other" };
const keep = foldOlder<Part, Whole>({
  isOne: (record): record is Part => record.kind === "part",
  isFolded: (record): record is Whole => record.kind === "whole",
  most: 2,
  fold: (older, before) => ({
    kind: "whole",
    sum: older.reduce((sum, { size }) => sum + size, before?.sum ?? 0),
  }),
});

test("older records are folded into one, and into that again", () => {
  const once = keep([part(1), other, part(2), part(3), part(4)]);
  expect(once).toEqual([{ kind: "whole", sum: 3 }, other, part(3), part(4)]);
  expect(keep([...once, part(5)])).toEqual([{ kind: "whole", sum: 6 }, other, part(4), part(5)]);
});

test("where all are among the newest, nothing changes", () => {
  const records = [{ kind: "whole", sum: 9 }, part(1), other, part(2)];
  expect(keep(records)).toBe(records);
});

test("the newest subjects are kept whole, and no other kind is touched", () => {
  const of = (id: string, n: number) => ({ kind: "post", id, n });
  const rule = keepNewest("post", 2, ({ id }) => id);
  const records = [of("a", 1), of("b", 1), other, of("a", 2), of("c", 1)];
  expect(rule(records)).toEqual([of("a", 1), other, of("a", 2), of("c", 1)]);
  expect(keepAll([rule, keepNewest("other", 0)])(records)).toEqual([
    of("a", 1),
    of("a", 2),
    of("c", 1),
  ]);
});

test("equal records are still one each", () => {
  expect(keepNewest("part", 2)([part(1), part(1), part(1)])).toEqual([part(1), part(1)]);
});
