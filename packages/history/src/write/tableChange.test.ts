import { expect, test } from "vitest";
import { readTableChange, writeTableChange } from "./tableChange.ts";

test("what was written is read again, and what is no such text is nothing", () => {
  for (const tables of [[], ["blocks"], ["blocks", "reward_epochs"]]) {
    const change = { first: 3, last: 12, tables };
    expect(readTableChange(writeTableChange(change))).toEqual(change);
  }
  for (const text of ["", "12", "3-12", "3-12 Blocks", "3-12 blocks;"]) {
    expect(readTableChange(text), text).toBeUndefined();
  }
});
