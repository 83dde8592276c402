import { compress, encodeUpdate } from "@r3mes/engine";
import { nodeSha256 as hash } from "@r3mes/engine/node";
import { buildTrainingProgram, initialFactors } from "@r3mes/models";
import { TINY_ADAPTER, TINY_SHAPE } from "@r3mes/models/testing";
import { R3mesError } from "@r3mes/protocol";
import { type Round, SubmissionStatus } from "@r3mes/protocol/messages";
import {
  freshAdapter,
  type OpenedPool,
  rootOfUpdate,
  type TrainingPlan,
  updateLayoutOf,
} from "@r3mes/training";
import { expect, test } from "vitest";
import type { SummedRoundDeps } from "./openSummedRound.ts";
import { isOutdated, openSumToAttest } from "./openSumToAttest.ts";

const { ACCEPTED, DISPUTED, FAULTY } = SubmissionStatus;
const plan: TrainingPlan = {
  pool: 1n,
  program: buildTrainingProgram(TINY_SHAPE, {
    ...{ sequences: 1, length: 16, adapter: TINY_ADAPTER, optimizer: "adam" },
  }),
  ...{ localSteps: 1, sequences: 1, length: 16, learningRates: [100_000], decay: 0, density: 90 },
  outer: { momentum: 128, learningRate: 640 },
};
const before = freshAdapter(plan, initialFactors(plan.program, { low: 9, high: 0 }));
const layout = updateLayoutOf(plan);
/** Of three miners, each with its own signs. */
const updates = [1, 2, 3].map((miner) => {
  const after = before.factors.map((factor) => factor.map((value, i) => value - (i % (miner + 1))));
  return encodeUpdate(layout, compress(layout, before.factors, after));
});

/** A round of three submissions of which nobody offers those in `withheld`, and those in `wrong` are not what training gives. */
function summing(facts: {
  readonly statuses?: readonly SubmissionStatus[];
  readonly withheld?: readonly bigint[];
  readonly wrong?: readonly bigint[];
}) {
  const { statuses = [ACCEPTED, ACCEPTED, ACCEPTED], withheld = [], wrong = [] } = facts;
  const asked: bigint[] = [];
  const trained: bigint[] = [];
  const submissions = [1n, 2n, 3n].map((id) => ({
    ...{ id, summed: true, status: statuses[Number(id) - 1] },
    updateCid: Uint8Array.of(1, 0x55, 0x12, 32, ...new Uint8Array(31), Number(id)),
    updateRoot: rootOfUpdate(plan, updates[Number(id) - 1]!, hash),
  }));
  const query = {
    pool: async () => ({ pool: { modelId: 4n } }),
    model: async () => ({ model: { initialAdapterCid: Uint8Array.of(9) } }),
    submissions: async () => ({ submissions }),
  } as unknown as SummedRoundDeps["query"];
  const deps: SummedRoundDeps = {
    ...{ query, hash },
    async fetch(cid) {
      const id = BigInt(cid.at(-1)!);
      asked.push(id);
      if (withheld.includes(id)) throw new R3mesError({ code: "CONTENT_UNAVAILABLE", cid: "bafy" });
      return updates[Number(id) - 1]!;
    },
    async trainUpdate({ id }) {
      trained.push(id);
      if (!wrong.includes(id)) return updates[Number(id) - 1]!;
      throw new R3mesError({ code: "SUBMISSION_WRONG", submission: id, differs: "update" });
    },
  };
  const opened = { plan, adapter: async () => before } as unknown as OpenedPool;
  const open = (attestWindows = 0) =>
    openSumToAttest(deps, opened, { poolId: 1n, number: 1, adapterId: 0n, attestWindows } as Round);
  return { open, deps, asked, trained };
}

test("all work that is wrong is found in one go, and the sum is of the rest", async () => {
  const { open, trained } = summing({ withheld: [1n, 2n, 3n], wrong: [1n, 3n] });
  const { summed, leftOut } = await open();
  expect([leftOut, summed.updates, trained]).toEqual([[1n, 3n], [updates[1]], [1n, 2n, 3n]]);
});

test("what is convicted is left out unseen, and what is disputed is not", async () => {
  const { open, asked, trained } = summing({ statuses: [DISPUTED, FAULTY, ACCEPTED] });
  const { summed, leftOut } = await open();
  expect([leftOut, summed.updates]).toEqual([[2n], [updates[0], updates[2]]]);
  expect([asked, trained]).toEqual([[1n, 3n], []]);
});

test("where a first window gave no sum, what is disputed is trained again though its bytes are here", async () => {
  const statuses = [DISPUTED, DISPUTED, ACCEPTED];
  const { open, trained } = summing({ statuses, wrong: [2n, 3n] });
  expect((await open(0)).leftOut).toEqual([]);
  expect((await open(1)).leftOut).toEqual([2n]);
  expect(trained).toEqual([1n, 2n]);
});

test("whatever else keeps an update away ends the attempt", async () => {
  const { open, deps } = summing({ withheld: [2n] });
  Object.assign(deps, {
    trainUpdate: async () =>
      Promise.reject(new R3mesError({ code: "CONTENT_UNAVAILABLE", cid: "" })),
  });
  await expect(open()).rejects.toMatchObject({ code: "CONTENT_UNAVAILABLE" });
});

test("a sum is made again where work in it is convicted, and once where a window passed and some is disputed", async () => {
  const outdated = (
    statuses: readonly SubmissionStatus[],
    made: { readonly leftOut: readonly bigint[]; readonly window: number },
    attestWindows: number,
  ) =>
    isOutdated(summing({ statuses }).deps, { poolId: 1n, number: 1, attestWindows } as Round, made);
  const [none, convicted] = [
    [ACCEPTED, DISPUTED, ACCEPTED],
    [FAULTY, ACCEPTED, ACCEPTED],
  ];
  const first = { leftOut: [], window: 0 };
  expect(await outdated(none, first, 0)).toBe(false);
  expect(await outdated(convicted, first, 0)).toBe(true);
  expect(await outdated(convicted, { ...first, leftOut: [1n] }, 0)).toBe(false);
  expect(await outdated(none, first, 1)).toBe(true);
  expect(await outdated(none, { ...first, leftOut: [2n] }, 1)).toBe(false);
  expect(await outdated(none, { ...first, window: 1 }, 1)).toBe(false);
});
