import { R3mesError } from "@r3mes/protocol";
import { Role } from "@r3mes/protocol/messages";
import { createLogger } from "@r3mes/service";
import { manualClock } from "@r3mes/service/testing";
import { expect, test } from "vitest";
import { type BondPlan, holdBond } from "./holdBond.ts";

const plan: BondPlan = { address: "remes1owner", role: Role.VERIFIER, least: 5n, bond: 10n };

/** An owner with so much money, whose bond the chain remembers. */
function openWorld(money: bigint) {
  const world = { money, bond: 0n, refused: 0 };
  const deps = {
    address: plan.address,
    clock: manualClock(),
    log: createLogger(
      { name: "test", level: "silent", format: "json" },
      { stream: process.stderr, clock: manualClock() },
    ),
    shutdown: { signal: new AbortController().signal },
    query: {
      participant: async () => ({
        participant: { operator: plan.address },
        bonds: [{ role: plan.role, amount: world.bond }],
      }),
    } as never,
    submit: async () => {
      const missing = (world.bond < plan.least ? plan.least : plan.bond) - world.bond;
      if (missing > world.money) {
        world.refused += 1;
        throw new R3mesError({ code: "FUNDS_INSUFFICIENT" });
      }
      world.money -= missing;
      world.bond += missing;
      return {} as never;
    },
  };
  return { world, deps };
}

test("with money enough the whole bond is there at once", async () => {
  const { world, deps } = openWorld(20n);
  await holdBond(plan, deps);
  expect(world).toMatchObject({ bond: 10n, money: 10n, refused: 0 });
});

test("a role that has the least works on, and fills up when money comes", async () => {
  const { world, deps } = openWorld(6n);
  const fill = await holdBond(plan, deps);
  expect(world).toMatchObject({ bond: 5n, refused: 1 });
  await fill();
  expect(world).toMatchObject({ bond: 5n, refused: 2 });
  world.money = 7n;
  await fill();
  expect(world).toMatchObject({ bond: 10n, money: 2n });
});
