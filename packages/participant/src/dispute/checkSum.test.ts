import { compress, encodeUpdate } from "@r3mes/engine";
import { nodeSha256 as hash } from "@r3mes/engine/node";
import { buildTrainingProgram, initialFactors } from "@r3mes/models";
import { TINY_ADAPTER, TINY_SHAPE } from "@r3mes/models/testing";
import { noise, R3mesError } from "@r3mes/protocol";
import type { Round } from "@r3mes/protocol/messages";
import {
  aggregateRound,
  freshAdapter,
  type OpenedPool,
  rootOfAdapter,
  rootOfMomenta,
  rootOfUpdate,
  type TrainingPlan,
  updateLayoutOf,
} from "@r3mes/training";
import { expect, test } from "vitest";
import { type CheckSumDeps, checkSum } from "./checkSum.ts";

const plan: TrainingPlan = {
  pool: 1n,
  program: buildTrainingProgram(TINY_SHAPE, {
    ...{ sequences: 1, length: 16, adapter: TINY_ADAPTER, optimizer: "adam" },
  }),
  ...{ localSteps: 1, sequences: 1, length: 16, learningRates: [100_000], decay: 0, density: 90 },
  outer: { momentum: 128, learningRate: 640 },
};
const before = freshAdapter(plan, initialFactors(plan.program, { low: 9, high: 0 }));

/** What a miner has handed in: drawn instead of trained, because a sum asks nobody where it comes from. */
const updates = [1, 2].map((miner) => {
  const after = before.factors.map((factor, tensor) =>
    factor.map((value, i) => value + (noise(3, miner, tensor, i, 0) % 4000)),
  );
  const layout = updateLayoutOf(plan);
  return encodeUpdate(layout, compress(layout, before.factors, after));
});
const sum = aggregateRound(plan, before, updates);
const right = {
  root: rootOfAdapter(plan, sum, hash),
  momentumRoot: rootOfMomenta(plan, sum, hash),
};

/** An address whose digest ends in a number. */
const cidOf = (number: number) => Uint8Array.of(1, 0x55, 0x12, 32, ...new Uint8Array(31), number);

/** The first round of a pool, of whose three submissions two were summed. The address of an update ends in its place in `held`. */
function chainWith(adopted: object | undefined, held: readonly Uint8Array[] = updates) {
  const submissions = [2, 1, 3].map((id) => ({
    ...{ id: BigInt(id), summed: id < 3, updateCid: cidOf(id - 1) },
    updateRoot: id < 3 ? rootOfUpdate(plan, updates[id - 1]!, hash) : new Uint8Array(32),
  }));
  const query = {
    adapter: async () => ({ adapter: adopted }),
    pool: async () => ({ pool: { modelId: 4n } }),
    model: async () => ({ model: { initialAdapterCid: Uint8Array.of(9) } }),
    submissions: async () => ({ submissions }),
  } as unknown as CheckSumDeps["query"];
  const opened = { plan, adapter: async () => before } as unknown as OpenedPool;
  return {
    ...{ query, hash },
    fetch: async (cid: Uint8Array) => held[cid.at(-1)!]!,
    openPool: async () => ({ opened }),
  };
}

const round = { poolId: 1n, number: 1, adapterId: 0n, resultAdapterId: 1n } as Round;
const other = new Uint8Array(32).fill(7);

test("a sum is right when it is what the updates that were summed give, else wrong in its adapter or its momentum", async () => {
  expect(await checkSum(chainWith(right), round)).toBe(null);
  expect(await checkSum(chainWith({ ...right, root: other }), round)).toBe("adapter");
  expect(await checkSum(chainWith({ ...right, momentumRoot: other }), round)).toBe("momentum");
});

test("a sum whose updates are not those of the chain cannot be checked", async () => {
  const swapped = [...updates].reverse();
  await expect(checkSum(chainWith(right, swapped), round)).rejects.toMatchObject({
    code: "CONTENT_CORRUPT",
  });
});

test("an update that cannot be had is trained again, and no other is", async () => {
  const trained: bigint[] = [];
  const chain = chainWith(right, [updates[0]!]);
  const deps: CheckSumDeps = {
    ...chain,
    async fetch(cid) {
      const found = await chain.fetch(cid);
      if (found === undefined) throw new R3mesError({ code: "CONTENT_UNAVAILABLE", cid: "bafy" });
      return found;
    },
    async trainUpdate({ id }) {
      trained.push(id);
      return updates[Number(id) - 1]!;
    },
  };
  expect(await checkSum(deps, round)).toBe(null);
  expect(trained).toEqual([2n]);
});

test("a round that adopted nothing has no sum to check", async () => {
  await expect(checkSum(chainWith(undefined), round)).rejects.toMatchObject({
    code: "ADAPTER_NOT_FOUND",
  });
});
