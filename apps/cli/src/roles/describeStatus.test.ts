import { expect, test } from "vitest";
import { describeStatus } from "./describeStatus.ts";

const idle = { height: "41", chunk: null, duties: [], earned: { matured: "0", paid: "12345678" } };

test("a line tells the chunk, what is due and what was earned", () => {
  const busy = {
    ...idle,
    chunk: { lease: "7", step: 3, loss: 7.8125, tokensPerSecond: 812.4 },
    duties: [{ what: "reveal", id: "6", blocksLeft: 4 }],
  };
  expect(describeStatus(busy)).toBe(
    "height 41  chunk 7 step 3 loss 7.813 bits 812 tokens/s  reveal 6 within 4 blocks  matured 0.00 paid 12.34 REMES",
  );
  expect(describeStatus(idle)).toBe("height 41  matured 0.00 paid 12.34 REMES");
  const trained = { seconds: 10.44, overheadPercent: 4.2, updateBytes: 7771 };
  expect(describeStatus({ ...idle, trained })).toBe(
    "height 41  last chunk 10.4 s, 4.2 % of it not training, update 7771 bytes  matured 0.00 paid 12.34 REMES",
  );
});

test("a device that is too slow for a pool is told of for as long as it is", () => {
  expect(describeStatus({ ...idle, slowFor: ["1", "4"] })).toBe(
    "height 41  too slow for the leases of pool 1, 4  matured 0.00 paid 12.34 REMES",
  );
  expect(describeStatus({ ...idle, slowFor: [] })).toBe(describeStatus(idle));
});

test("a miner that left chunks behind is told when the chain leases it one again", () => {
  expect(describeStatus({ ...idle, pausedUntil: "761" })).toBe(
    "height 41  left chunks behind: no lease before height 761  matured 0.00 paid 12.34 REMES",
  );
  expect(describeStatus({ ...idle, pausedUntil: null })).toBe(describeStatus(idle));
});

test("a verifier tells what its audits have cost, and a miner's line is as long as before", () => {
  const computed = { steps: 12, seconds: 6.04 };
  expect(describeStatus({ ...idle, role: "verifier", computed })).toBe(
    "height 41  audited 12 steps in 6.0 s  matured 0.00 paid 12.34 REMES",
  );
  expect(describeStatus({ ...idle, role: "miner", computed })).toBe(describeStatus(idle));
});

test("a challenger, whom nobody pays by the chunk, tells what it has looked at", () => {
  const challenger = { role: "challenger", height: "41", duties: [], checked: 3 };
  expect(describeStatus(challenger)).toBe("height 41  looked at 3");
});

test("a process that has not begun says nothing", () => {
  expect(describeStatus(null)).toBeNull();
  expect(describeStatus({ height: 1 })).toBeNull();
});
