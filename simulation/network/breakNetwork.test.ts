import { memoryPeer } from "@r3mes/storage/testing";
import { expect, test } from "vitest";
import { createFailures, type FaultKind, faultKinds } from "./breakNetwork.ts";
import type { Ailment } from "./createHealth.ts";
import { type Dice, seededDice } from "./seededDice.ts";
import type { SimulatedParticipant } from "./simulatedParticipant.ts";
import { createSimulatedTime } from "./simulatedTime.ts";

const none = {
  ...{ cutUntilMs: 0, slowUntilMs: 0, fullUntilMs: 0, wrongUntilMs: 0 },
  ...{ stillUntilMs: 0, lateUntilMs: 0 },
};
const bytes = Uint8Array.of(1, 2, 3);

/** Always breaks, and always so. */
function only(kind: FaultKind): Dice {
  const pick = <T>(from: readonly T[]): T => from.find((one) => one === kind) ?? from[0]!;
  return { ...seededDice(1), chance: () => true, pick };
}

/** What one failure of this kind has done to somebody who holds a block. */
function broken(kind: FaultKind) {
  const felt = {
    killedAfter: 0,
    ailments: { ...none },
    ailment: undefined as Ailment | undefined,
    block: undefined as Uint8Array | undefined,
  };
  const store = memoryPeer(async () => undefined);
  store.blocks.set("block", bytes);
  const victim: SimulatedParticipant = {
    ...{ name: "one", address: "remes1one", store, ailments: felt.ailments },
    records: () => [],
    isAlive: () => true,
    begin: () => undefined,
    killAfter: (calls) => {
      felt.killedAfter = calls;
    },
  };
  const { clock } = createSimulatedTime();
  const failures = createFailures(
    {
      perMille: 1,
      onFault: () => undefined,
      onAilment: (ailment) => {
        felt.ailment = ailment;
      },
    },
    [victim],
    { dice: only(kind), clock },
  );
  failures.beforeBlock();
  return { ...felt, block: store.blocks.get("block"), count: failures.count() };
}

test("each kind of failure breaks what it is named for, and nothing else", () => {
  const whole = { killedAfter: 0, ailments: none, ailment: undefined, block: bytes, count: 1 };
  const until = expect.toSatisfy((ms: number) => ms >= 1_000 && ms < 9_000);
  const longUntil = expect.toSatisfy((ms: number) => ms >= 1_000 && ms < 60_000);
  const expected: Readonly<Record<FaultKind, unknown>> = {
    kill: { ...whole, killedAfter: expect.toSatisfy((calls: number) => calls > 0) },
    partition: { ...whole, ailments: { ...none, cutUntilMs: until }, ailment: "partition" },
    delay: { ...whole, ailments: { ...none, slowUntilMs: until }, ailment: "delay" },
    "lost blocks": { ...whole, block: undefined },
    "rotten blocks": { ...whole, block: Uint8Array.of(0, 2, 3) },
    "wrong blocks": { ...whole, ailments: { ...none, wrongUntilMs: until } },
    "disk full": { ...whole, ailments: { ...none, fullUntilMs: until }, ailment: "disk full" },
    stall: { ...whole, ailments: { ...none, stillUntilMs: longUntil }, ailment: "stall" },
    "slow peer": { ...whole, ailments: { ...none, lateUntilMs: longUntil } },
  };
  for (const kind of faultKinds) expect(broken(kind), kind).toEqual(expected[kind]);
});
