import { R3mesError } from "@r3mes/protocol";
import type { Audit, Submission } from "@r3mes/protocol/messages";
import { expect, test } from "vitest";
import { findWork } from "./findWork.ts";
import type { OpenedNetwork } from "./openNetwork.ts";

/** A submission of a history: there from one height on, and deleted at another. */
type Life = { readonly id: bigint; readonly round: number; readonly from: bigint; to: bigint };

const latestHeight = 100n;
const roundBlocks = 20n;
const lives: readonly Life[] = [
  { id: 4n, round: 1, from: 12n, to: 43n },
  { id: 7n, round: 1, from: 18n, to: 43n },
  { id: 9n, round: 3, from: 55n, to: 91n },
  { id: 11n, round: 4, from: 70n, to: latestHeight + 1n },
];
const rounds = [1, 2, 3, 4].map((number) => ({
  poolId: 1n,
  number,
  trainingEndHeight: BigInt(number) * roundBlocks,
  // Nobody worked in the second one.
  committed: number === 2 ? 0 : 1,
}));

/** A chain with that history, of which a node keeps the states from a height on. */
function chainOf(earliest: bigint) {
  const queryAt = (height: bigint) => {
    const there = () => {
      if (height < earliest) throw new R3mesError({ code: "CHAIN_REFUSED", number: 18 });
      return lives.filter(({ from, to }) => height >= from && height < to);
    };
    return {
      async submission({ id }: { id: bigint }) {
        const found = there().find((life) => life.id === id);
        if (found === undefined) throw new R3mesError({ code: "SUBMISSION_NOT_FOUND" });
        // What the chain says of it changes as long as it lives.
        return {
          submission: { id, acceptedHeight: height } as Submission,
          audits: [{ submissionId: id } as Audit],
        };
      },
      submissions: async ({ round }: { round: number }) => ({
        submissions: there().filter((life) => life.round === round),
      }),
      pools: async () => ({ pools: [{ id: 1n }] }),
      rounds: async () => ({ rounds: [...rounds] }),
    };
  };
  const rpc = { status: async () => ({ latestHeight }) };
  return { rpc, query: queryAt(latestHeight), queryAt } as unknown as OpenedNetwork;
}

const chain = chainOf(1n);

test("what the chain has is what it says now", async () => {
  const found = await findWork(11n, chain);
  expect(found).toMatchObject({ submission: { id: 11n, acceptedHeight: latestHeight } });
  expect(found.lastHeight).toBeUndefined();
});

test.each([
  [4n, 42n],
  [7n, 42n],
  [9n, 90n],
])("of settled submission %s the last state that had it is read", async (id, height) => {
  const found = await findWork(id, chain);
  expect(found).toMatchObject({
    submission: { id, acceptedHeight: height },
    audits: [{ submissionId: id }],
    lastHeight: height,
  });
});

test("a submission that never was is not found, wherever its number would stand", async () => {
  for (const id of [1n, 5n, 8n, 99n]) {
    await expect(findWork(id, chain)).rejects.toMatchObject({ code: "SUBMISSION_NOT_FOUND" });
  }
});

test("a node that no longer has the states says so", async () => {
  const node = chainOf(50n);
  expect(await findWork(9n, node)).toMatchObject({ lastHeight: 90n });
  await expect(findWork(4n, node)).rejects.toMatchObject({
    code: "STATE_PRUNED",
    facts: { height: 20n },
  });
});
