/** Miners that break the rules: the product's miner with one of its ports bent. */
import { queryAdapterCid } from "@r3mes/chain-client";
import { noise, toHex } from "@r3mes/protocol";
import { DutyKind, type Submission } from "@r3mes/protocol/messages";
import { contentIdFromBytes } from "@r3mes/storage";
import { firstState, rootOfUpdate, updateOf } from "@r3mes/training";
import type { MinerDeps } from "../../apps/miner/src/minerDeps.ts";
import { isWork } from "../../apps/miner/src/minerRecord.ts";
import { alterRecords } from "./alterRecords.ts";
import { noCheck } from "./noCheck.ts";
import { createSkipOne } from "./skipOne.ts";
import { skipSteps } from "./skipSteps.ts";

export type MinerCheat = (deps: MinerDeps) => MinerDeps;

/** Trains nothing, and claims that nothing changed. It knows what a check would say. */
const skip: MinerCheat = (deps) => ({
  ...deps,
  selfCheck: noCheck,
  async openPool(id) {
    const pool = await deps.openPool(id);
    return { ...pool, session: skipSteps(pool.session) };
  },
});

/** Trains all steps but one of every few, and claims that nothing changed in that one. */
const skipSome: MinerCheat = (deps) => {
  const skipOne = createSkipOne();
  return {
    ...deps,
    selfCheck: noCheck,
    async openPool(id) {
      const pool = await deps.openPool(id);
      return { ...pool, session: skipOne(pool.session) };
    },
  };
};

/** Trains honestly, and hands in an update that was drawn at random. */
const randomUpdate: MinerCheat = (deps) => ({
  ...deps,
  journal: alterRecords(deps.journal, isWork, async (work) => {
    const { lease } = await deps.query.lease({ id: BigInt(work.lease) });
    const { round } = await deps.query.round({ poolId: lease!.poolId, number: lease!.round });
    const { opened } = await deps.openPool(lease!.poolId);
    const cid = await queryAdapterCid(deps.query, lease!.poolId, round!.adapterId);
    const adapter = await opened.adapter(cid);
    const state = firstState(opened.plan, adapter).map((bytes, tensor) => shaken(bytes, tensor));
    const update = updateOf(opened.plan, adapter, state);
    return {
      ...work,
      updateRoot: toHex(rootOfUpdate(opened.plan, update, deps.hash)),
      updateCid: await deps.store.put(update),
    };
  }),
});

/** Hands in the newest that another miner has revealed, as if it were its own. */
const copy: MinerCheat = (deps) => ({
  ...deps,
  journal: alterRecords(deps.journal, isWork, async (work) => {
    const other = await newestOfOthers(deps, BigInt(work.lease));
    if (other === undefined) return work;
    return {
      ...work,
      stepsRoot: toHex(other.stepsRoot),
      updateRoot: toHex(other.updateRoot),
      updateCid: contentIdFromBytes(other.updateCid),
      lossSum: String(other.lossSum),
    };
  }),
});

/** Binds itself and never shows what to. */
const withhold: MinerCheat = (deps) => ({
  ...deps,
  query: {
    ...deps.query,
    async duties(request) {
      const answer = await deps.query.duties(request);
      return { ...answer, duties: answer.duties.filter(({ kind }) => kind !== DutyKind.REVEAL) };
    },
  },
});

export const minerCheats: Readonly<Record<string, MinerCheat>> = {
  "skip-steps": skip,
  "skip-one": skipSome,
  "random-update": randomUpdate,
  copy,
  withhold,
};

/** i32 values with a little noise, the same for the same tensor. */
function shaken(bytes: Uint8Array, tensor: number): Uint8Array {
  const shaking = bytes.slice();
  const view = new DataView(shaking.buffer);
  for (let i = 0; 4 * i < shaking.length; i += 1) {
    view.setInt32(4 * i, view.getInt32(4 * i, true) + (noise(1, tensor, 0, i, 0) % 4096), true);
  }
  return shaking;
}

async function newestOfOthers(deps: MinerDeps, leaseId: bigint): Promise<Submission | undefined> {
  const { lease } = await deps.query.lease({ id: leaseId });
  const { poolId, round, miner } = lease!;
  for (const number of [round, round - 1]) {
    if (number < 1) continue;
    const { submissions } = await deps.query.submissions({ poolId, round: number });
    const found = submissions.findLast((one) => one.miner !== miner && one.updateCid.length > 0);
    if (found !== undefined) return found;
  }
  return undefined;
}
