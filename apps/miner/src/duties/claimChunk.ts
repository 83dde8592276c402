/**
 * Leases the next chunk of the pool's queue, once the pool is open here: a lease is time to train in, not to fetch and to hash a
 * model. That there is no chunk, or no free bond, is an answer and no failure; that there is no room for another is one.
 */
import { chainMessage, decodeEvent } from "@r3mes/chain-client";
import { type ErrorCode, R3mesError } from "@r3mes/protocol";
import { EventChunkLeasedSchema, MsgClaimChunkSchema, type Round } from "@r3mes/protocol/messages";
import {
  type Candidate,
  type Conditions,
  choosePool,
  type Reason,
  whyIdle,
} from "../choosePool.ts";
import type { Obstacles } from "../createObstacles.ts";
import type { MinerDeps, MinerOptions } from "../minerDeps.ts";
import { requireRoom } from "../requireRoom.ts";

const notNow: ReadonlySet<ErrorCode> = new Set([
  "CHUNK_NONE_LEFT",
  "LEASE_LIMIT_REACHED",
  "PHASE_WRONG",
  "POOL_CLOSED",
]);

export interface Preparation {
  /** Whether a pool can be trained for at once; if not, it will be opened. */
  readonly isOpen: (pool: bigint) => boolean;
  /** Begins to fetch what every chunk of a round needs: the block that holds the lease is waited for meanwhile. */
  readonly fetchAdapter: (round: Round) => void;
  /** Begins to fetch what a chunk needs that is leased now. */
  readonly fetchShards: (pool: bigint, chunk: bigint) => void;
  /** Hear why nothing is leased. */
  readonly obstacles: Pick<Obstacles, "tooSlow" | "paused">;
}

export async function claimChunk(
  options: MinerOptions,
  deps: MinerDeps,
  now: Pick<Conditions, "height" | "leased">,
  { isOpen, fetchAdapter, fetchShards, obstacles }: Preparation,
): Promise<{ readonly lease: bigint; readonly chunk: bigint } | null> {
  const { found, idle } = await candidates(deps);
  const choice = choosePool(found, {
    ...now,
    blockMs: deps.blockMs(),
    estimateMs: deps.speed.estimateMs,
  });
  const reasons = choice.pool === null ? choice.reasons : [];
  obstacles.tooSlow(reasons.filter(({ why }) => why === "device too slow").map(({ pool }) => pool));
  if (choice.pool === null) {
    deps.log.debug(
      { reasons: [...idle, ...reasons].map(({ pool, why }) => `${pool}: ${why}`) },
      "no work",
    );
    return null;
  }
  if (!isOpen(choice.pool)) return null;
  if (deps.disk !== undefined) {
    const { opened } = await deps.openPool(choice.pool);
    await requireRoom(deps.disk, opened.plan, now.leased + 1);
  }
  fetchAdapter(found.find(({ pool }) => pool.id === choice.pool)!.round);
  try {
    const { result } = await deps.submit([
      chainMessage(MsgClaimChunkSchema, { operator: options.operator, poolId: choice.pool }),
    ]);
    for (const event of result.events) {
      const leased = decodeEvent(EventChunkLeasedSchema, event);
      if (leased === undefined) continue;
      fetchShards(choice.pool, leased.chunk);
      return { lease: leased.leaseId, chunk: leased.chunk };
    }
    throw new R3mesError({ code: "NODE_ANSWERED_ERROR", answer: "a claim without its event" });
  } catch (error) {
    if (!(error instanceof R3mesError && notNow.has(error.code))) throw error;
    if (error.code === "LEASE_LIMIT_REACHED") {
      const { participant } = await deps.query.participant({ owner: options.owner });
      obstacles.paused(participant?.pausedUntil ?? 0n);
    }
    return null;
  }
}

/** What a chunk pays is asked of pools that have one: for most of a round none has. */
async function candidates(
  deps: MinerDeps,
): Promise<{ readonly found: readonly Candidate[]; readonly idle: readonly Reason[] }> {
  const found: Candidate[] = [];
  const idle: Reason[] = [];
  for (const id of await deps.pools()) {
    const { pool, round } = await deps.query.pool({ id });
    if (pool === undefined || round === undefined) continue;
    const why = whyIdle({ pool, round });
    if (why !== undefined) {
      idle.push({ pool: id, why });
      continue;
    }
    const { chunkWork, minerTotal } = await deps.query.estimate({ poolId: id });
    found.push({ pool, round, work: chunkWork, pay: minerTotal });
  }
  return { found, idle };
}
