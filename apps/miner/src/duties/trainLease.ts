/**
 * Trains a leased chunk: fetches what it begins with, publishes every state for whoever audits it, has one tile computed again, and
 * writes the work into the journal. Cut off, it begins again and gives the same bytes.
 */
import { queryAdapterCid } from "@r3mes/chain-client";
import { programWork } from "@r3mes/engine";
import { timedSession } from "@r3mes/participant";
import { R3mesError, toHex } from "@r3mes/protocol";
import type { Lease } from "@r3mes/protocol/messages";
import type { ContentId } from "@r3mes/storage";
import {
  type ChunkStart,
  encodeState,
  type OpenedPool,
  shardsOfChunk,
  type TrainedChunk,
  trainChunk,
} from "@r3mes/training";
import { leaseOf } from "../leaseOf.ts";
import type { MinerDeps } from "../minerDeps.ts";
import type { WorkRecord } from "../minerRecord.ts";
import { type CheckedTile, createSelfCheck } from "../selfCheck.ts";

export interface LeaseTurn {
  /**
   * Called when the device has its last steps in hand: another chunk may follow them, while the end of this one is hashed, compressed and
   * published.
   */
  readonly letGo: () => void;
  /** The lease has ended meanwhile: the chunk is somebody else's to train. */
  readonly isOver: () => boolean;
}

/** @throws LEASE_EXPIRED once it is over, DEVICE_NOT_EXACT if the tile that was computed again is another */
export async function trainLease(
  deps: MinerDeps,
  leaseId: bigint,
  turn: LeaseTurn,
): Promise<WorkRecord> {
  const beganMs = deps.monotonicMs();
  const lease = await leaseOf(deps, leaseId);
  const { opened, session: device } = await deps.openPool(lease.poolId);
  const { plan } = opened;
  const stepWork = programWork(plan.program);
  let [ran, stepsMs, computedMs] = [0, 0, 0];
  const session = timedSession(device, deps.monotonicMs, ({ ms, ranMs }) => {
    ran += 1;
    stepsMs += ms;
    computedMs += ranMs;
    deps.speed.noteSteps(BigInt(stepWork * ran), stepsMs);
  });
  const start = await startOf(deps, opened, lease);
  const selfCheck = (deps.selfCheck ?? createSelfCheck)(opened, start.leased, drawFrom(deps.salt));
  const stateCids: ContentId[] = [];
  let checking: Promise<CheckedTile> | undefined;
  const trained = await trainChunk(session, start, {
    onState: async (t, state) => {
      if (turn.isOver()) throw new R3mesError({ code: "LEASE_EXPIRED" });
      selfCheck.onState(t, state);
      stateCids[t] = await deps.store.put(encodeState(state));
    },
    reusesStates: true,
    onStep: (t, loss) => {
      deps.log.info({ lease: String(lease.id), t, loss: String(loss) }, "step trained");
      // What it needs is there, and the next steps run meanwhile.
      if (t === selfCheck.shown?.t) checking = besides(selfCheck.check());
      const { localSteps: steps, sequences, length } = plan;
      deps.onStep?.({ lease: lease.id, t, steps, tokens: sequences * length, loss });
    },
    onAllAsked: turn.letGo,
    ...(selfCheck.shown === undefined ? {} : { shown: selfCheck.shown }),
    ...(deps.hash === undefined ? {} : { hash: deps.hash }),
  });
  const checked = await (checking ?? selfCheck.check());
  deps.log.info({ lease: String(lease.id), ...checked }, "tile checked: equal");
  const work = await keepWork(deps, lease, { trained, stateCids });
  const { localSteps: steps } = plan;
  const endedMs = deps.monotonicMs();
  const ms = deps.speed.record(BigInt(stepWork * steps), { beganMs, endedMs });
  deps.onChunk?.({ ms, stepsMs, computedMs, steps, updateBytes: trained.update.length });
  return work;
}

/** What the lease and its round name: the adapter, the records of the chunk, the seed. */
async function startOf(
  { query }: Pick<MinerDeps, "query">,
  { plan, shards, adapter }: OpenedPool,
  lease: Lease,
): Promise<ChunkStart> {
  const { poolId, round: number } = lease;
  const { round } = await query.round({ poolId, number });
  if (round === undefined) throw new R3mesError({ code: "ROUND_NOT_FOUND", round: number });
  const chunk = Number(lease.chunk);
  const [records, before] = await Promise.all([
    shards("train", shardsOfChunk(plan, chunk)),
    queryAdapterCid(query, poolId, round.adapterId).then(adapter),
  ]);
  const leased = { round: number, chunk, roundSeed: round.seed, shards: records };
  return { plan, leased, adapter: before };
}

/** From here on the chunk is not trained again, whatever ends the process. */
async function keepWork(
  deps: Pick<MinerDeps, "store" | "salt" | "journal">,
  lease: Lease,
  {
    trained,
    stateCids,
  }: { readonly trained: TrainedChunk; readonly stateCids: readonly ContentId[] },
): Promise<WorkRecord> {
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

/** Is waited for later: until then its failure is not unheard of. */
function besides<Result>(work: Promise<Result>): Promise<Result> {
  work.catch(() => undefined);
  return work;
}

/** Numbers from the generator of the operating system; 32 bits are enough to choose one of some thousands. */
function drawFrom(bytes: () => Uint8Array): (below: number) => number {
  return (below) => new DataView(bytes().slice().buffer).getUint32(0) % below;
}
