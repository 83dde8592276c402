/** Trains a leased chunk and publishes what its auditors will ask for, then commits to it. The journal knows the work before the chain does. */
import { chainMessage, queryAdapterCid } from "@r3mes/chain-client";
import { programWork } from "@r3mes/engine";
import { timedSession } from "@r3mes/participant";
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
import type { MinerDeps, MinerOptions } from "../minerDeps.ts";
import type { WorkRecord } from "../minerRecord.ts";
import { type CheckedTile, createSelfCheck } from "../selfCheck.ts";

export async function commitChunk(
  options: MinerOptions,
  deps: MinerDeps,
  leaseId: bigint,
  work: WorkRecord,
): Promise<void> {
  const lease = await leaseOf(deps, leaseId);
  await deps.submit([
    chainMessage(MsgCommitSchema, {
      operator: options.operator,
      leaseId,
      commitment: commitmentOf(options, lease, work),
    }),
  ]);
}

async function leaseOf(deps: MinerDeps, id: bigint): Promise<Lease> {
  const { lease } = await deps.query.lease({ id });
  if (lease === undefined) throw new R3mesError({ code: "LEASE_NOT_FOUND", lease: id });
  return lease;
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

/**
 * Trains a leased chunk and journals the work. Cut off, it begins again and gives the same bytes. `letGo` is called when the device has
 * its last steps in hand: another chunk may follow them, while the end of this one is hashed, compressed and published. A lease that
 * `isOver` meanwhile is somebody else's to train: LEASE_EXPIRED.
 */
export async function trainLease(
  deps: MinerDeps,
  leaseId: bigint,
  letGo: () => void,
  isOver: () => boolean,
): Promise<WorkRecord> {
  const beganMs = deps.monotonicMs();
  const lease = await leaseOf(deps, leaseId);
  const { opened, session: device } = await deps.openPool(lease.poolId);
  const stepWork = programWork(opened.plan.program);
  let [ran, stepsMs, computedMs] = [0, 0, 0];
  const session = timedSession(device, deps.monotonicMs, ({ ms, ranMs }) => {
    ran += 1;
    stepsMs += ms;
    computedMs += ranMs;
    deps.speed.noteSteps(BigInt(stepWork * ran), stepsMs);
  });
  const { round } = await deps.query.round({ poolId: lease.poolId, number: lease.round });
  if (round === undefined) throw new R3mesError({ code: "ROUND_NOT_FOUND", round: lease.round });
  const chunk = Number(lease.chunk);
  const [shards, adapter] = await Promise.all([
    opened.shards("train", shardsOfChunk(opened.plan, chunk)),
    queryAdapterCid(deps.query, lease.poolId, round.adapterId).then(opened.adapter),
  ]);
  const leased = { round: lease.round, chunk, roundSeed: round.seed, shards };
  const stateCids: ContentId[] = [];
  const selfCheck = (deps.selfCheck ?? createSelfCheck)(opened, leased, drawFrom(deps.salt));
  let checking: Promise<CheckedTile> | undefined;
  const trained = await trainChunk(
    session,
    { plan: opened.plan, leased, adapter },
    {
      onState: async (t, state) => {
        if (isOver()) throw new R3mesError({ code: "LEASE_EXPIRED" });
        selfCheck.onState(t, state);
        stateCids[t] = await deps.store.put(encodeState(state));
      },
      reusesStates: true,
      onStep: (t, loss) => {
        deps.log.info({ lease: String(lease.id), t, loss: String(loss) }, "step trained");
        // What it needs is there, and the next steps run meanwhile.
        if (t === selfCheck.shown?.t) checking = besides(selfCheck.check());
        const { localSteps: steps, sequences, length } = opened.plan;
        deps.onStep?.({ lease: lease.id, t, steps, tokens: sequences * length, loss });
      },
      onAllAsked: letGo,
      ...(selfCheck.shown === undefined ? {} : { shown: selfCheck.shown }),
      ...(deps.hash === undefined ? {} : { hash: deps.hash }),
    },
  );
  deps.log.info(
    { lease: String(lease.id), ...(await (checking ?? selfCheck.check())) },
    "tile checked: equal",
  );
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
  const chunkWork = BigInt(stepWork * opened.plan.localSteps);
  const ms = deps.speed.record(chunkWork, { beganMs, endedMs: deps.monotonicMs() });
  const { localSteps: steps } = opened.plan;
  deps.onChunk?.({ ms, stepsMs, computedMs, steps, updateBytes: trained.update.length });
  return work;
}

/** Is waited for later: until then its failure is not unheard of. */
function besides<Result>(work: Promise<Result>): Promise<Result> {
  work.catch(() => undefined);
  return work;
}

/** Numbers from the generator of the operating system; 32 bits are enough to choose one of some thousands. */
function drawFrom(bytes: () => Uint8Array): (below: number) => number {
  return (below) => new DataView(bytes().slice().buffer).getUint32(0) % below;
}
