import { createDutyQueue } from "@r3mes/participant";
import type { JournalRecord } from "@r3mes/service";
import { expect, test } from "vitest";
import { createHeights } from "../createHeights.ts";
import type { VerifierDeps } from "../verifierDeps.ts";
import { commitVerdict } from "./commitVerdict.ts";

const soon = () => new Promise((resolve) => setImmediate(resolve));
const options = { chainId: "test-1", operator: "remes1one", owner: "remes1one" };

test("whoever waits for bytes says that they cannot be had before the time for verdicts ends", async () => {
  const records: JournalRecord[] = [];
  const log = { info: () => undefined, warn: () => undefined };
  const deps = {
    query: {
      submission: async () => ({
        submission: { id: 7n, poolId: 1n, opening: {} },
        audits: [{ draw: 0, step: 2 }],
      }),
      round: async () => ({ round: {} }),
    },
    // Nobody offers what it needs, and nobody says so.
    openPool: () => new Promise(() => undefined),
    journal: { records, append: async (record: JournalRecord) => records.push(record) },
    salt: () => new Uint8Array(32),
    log,
  } as unknown as VerifierDeps;
  const heights = createHeights();
  const work = { queue: createDutyQueue({ log } as never), heights };
  const at = async (height: bigint) => {
    heights.note(height);
    await commitVerdict(options, deps, work, { id: 7n, endHeight: 30n });
    for (let i = 0; i < 4; i += 1) await soon();
    return records.map(({ kind, verdict }) => [kind, verdict]);
  };
  expect(await at(20n)).toEqual([]);
  expect(await at(26n)).toEqual([]);
  expect(await at(27n)).toEqual([["verdict", "cannotCheck"]]);
});
