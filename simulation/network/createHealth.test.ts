import { expect, test } from "vitest";
import { createHealth, recoveryBlocks } from "./createHealth.ts";

const window = { after: 10n, until: 20n };

test("a block is fit unless something ails in it, or did within the blocks that recovery takes", () => {
  const health = createHealth();
  expect([health.fitBlocks([window]), health.mainAilment([window])]).toEqual([10, undefined]);
  health.ail(12n, "kill");
  health.ail(13n, "kill");
  // 12 and 13 and the recovery that follows are spoiled; 11 stands alone.
  expect(health.fitBlocks([window])).toBe(7 - Number(recoveryBlocks));
  expect(health.mainAilment([window])).toBe("kill");
});

test("what is over long enough before a window spoils nothing of it, and what comes after it neither", () => {
  const health = createHealth();
  health.ail(window.after - recoveryBlocks, "stall");
  health.ail(window.until + 1n, "stall");
  expect([health.fitBlocks([window]), health.mainAilment([window])]).toEqual([10, undefined]);
  health.ail(window.after - recoveryBlocks + 1n, "stall");
  expect([health.fitBlocks([window]), health.mainAilment([window])]).toEqual([9, "stall"]);
});

test("several windows are counted together, and what spoiled most of them is named, the worst of one block", () => {
  const health = createHealth();
  health.ail(13n, "stall");
  health.ail(14n, "stall");
  health.ail(29n, "delay");
  health.ail(29n, "partition");
  health.ail(29n, "disk full");
  const windows = [window, { after: 28n, until: 30n }];
  // Of the first window 11 and 12, or what is left after the recovery; of the second 29 is spoiled and with it 30.
  expect(health.fitBlocks(windows)).toBe(2);
  expect(health.mainAilment(windows)).toBe("stall");
  expect(health.mainAilment(windows.slice(1))).toBe("partition");
});
