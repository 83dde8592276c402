/** Trains a leased chunk, publishes what its auditors will ask for, and commits to it. The journal knows the work before the chain does. */
import { chainMessage, queryAdapterCid } from "@r3mes/chain-client";
import {
  decodeAddress,
  fromHex,
  type Hash,
  R3mesError,
  submissionCommitment,
  toHex,
} from "@r3mes/protocol";
import { type Lease, MsgCommitSchema } from "@r3mes/protocol/messages";
import { type ContentId, contentIdToBytes, parseContentId } from "@r3mes/storage";
import { encodeState, shardsOfChunk, trainChunk } from "@r3mes/training";
import { findWork } from "../findWork.ts";
import type { MinerDeps, MinerOptions } from "../minerDeps.ts";
import type { WorkRecord } from "../minerRecord.ts";

export async function commitChunk(
  options: MinerOptions,
  deps: MinerDeps,
  leaseId: bigint,
): Promise<void> {
  const { lease } = await deps.query.lease({ id: leaseId });
  if (lease === undefined) throw new R3mesError({ code: "LEASE_NOT_FOUND", lease: leaseId });
  const work = findWork(deps, leaseId) ?? (await trainLease(deps, lease));
  await deps.submit([
    chainMessage(MsgCommitSchema, {
      operator: options.operator,
      leaseId,
      commitment: commitmentOf(options, lease, work),
    }),
  ]);
}

function commitmentOf(options: MinerOptions, lease: Lease, work: WorkRecord): Hash {
  return submissionCommitment({
    chain: options.chainId,
    pool: lease.poolId,
    round: BigInt(lease.round),
    chunk: lease.chunk,
    miner: decodeAddress(options.owner),
    stepsRoot: fromHex(work.stepsRoot),
    updateRoot: fromHex(work.updateRoot),
    updateCid: contentIdToBytes(parseContentId(work.updateCid)),
    lossSum: BigInt(work.lossSum),
    salt: fromHex(work.salt),
  });
}

async function trainLease(deps: MinerDeps, lease: Lease): Promise<WorkRecord> {
  const { opened, session } = await deps.openPool(lease.poolId);
  const { round } = await deps.query.round({ poolId: lease.poolId, number: lease.round });
  if (round === undefined) throw new R3mesError({ code: "ROUND_NOT_FOUND", round: lease.round });
  const chunk = Number(lease.chunk);
  const task = {
    round: lease.round,
    chunk,
    roundSeed: round.seed,
    shards: await opened.shards("train", shardsOfChunk(opened.plan, chunk)),
  };
  const adapter = await opened.adapter(
    await queryAdapterCid(deps.query, lease.poolId, round.adapterId),
  );
  const stateCids: ContentId[] = [];
  const trained = await trainChunk(session, opened.plan, task, adapter, {
    onState: async (t, state) => {
      stateCids[t] = await deps.store.put(encodeState(state));
    },
    onStep: (t, loss) =>
      deps.log.info({ lease: String(lease.id), t, loss: String(loss) }, "step trained"),
  });
  const work: WorkRecord = {
    kind: "work",
    lease: String(lease.id),
    stateRoots: trained.stateRoots.map(toHex),
    stepsRoot: toHex(trained.stepsRoot),
    updateRoot: toHex(trained.updateRoot),
    stateCids,
    updateCid: await deps.store.put(trained.update),
    lossSum: String(trained.lossSum),
    salt: toHex(deps.salt()),
  };
  await deps.journal.append(work);
  return work;
}
