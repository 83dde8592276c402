/**
 * Leases the next chunk of the pool's queue, once the pool is open here: a lease is time to train in, not to fetch and to hash a
 * model. That there is no chunk, or no free bond, is an answer and no failure.
 */
import { chainMessage, decodeEvent } from "@r3mes/chain-client";
import { type ErrorCode, R3mesError } from "@r3mes/protocol";
import { EventChunkLeasedSchema, MsgClaimChunkSchema } from "@r3mes/protocol/messages";
import { type Candidate, choosePool } from "../choosePool.ts";
import type { MinerDeps, MinerOptions } from "../minerDeps.ts";

const notNow: ReadonlySet<ErrorCode> = new Set([
  "CHUNK_NONE_LEFT",
  "LEASE_LIMIT_REACHED",
  "PHASE_WRONG",
  "POOL_CLOSED",
]);

export async function claimChunk(
  options: MinerOptions,
  deps: MinerDeps,
  height: bigint,
  isOpen: (pool: bigint) => boolean,
): Promise<{ readonly lease: bigint; readonly chunk: bigint } | null> {
  const choice = choosePool(await candidates(options, deps), {
    height,
    blockMs: deps.blockMs(),
    estimateMs: deps.speed.estimateMs,
  });
  if (choice.pool === null) {
    deps.log.debug(
      { reasons: choice.reasons.map(({ pool, why }) => `${pool}: ${why}`) },
      "no work",
    );
    return null;
  }
  if (!isOpen(choice.pool)) return null;
  try {
    const { result } = await deps.submit([
      chainMessage(MsgClaimChunkSchema, { operator: options.operator, poolId: choice.pool }),
    ]);
    for (const event of result.events) {
      const leased = decodeEvent(EventChunkLeasedSchema, event);
      if (leased !== undefined) return { lease: leased.leaseId, chunk: leased.chunk };
    }
    throw new R3mesError({ code: "NODE_ANSWERED_ERROR", answer: "a claim without its event" });
  } catch (error) {
    if (error instanceof R3mesError && notNow.has(error.code)) return null;
    throw error;
  }
}

async function candidates(options: MinerOptions, deps: MinerDeps): Promise<Candidate[]> {
  const ids = options.pool === undefined ? await openPools(deps) : [options.pool];
  const found: Candidate[] = [];
  for (const id of ids) {
    const { pool, round } = await deps.query.pool({ id });
    if (pool === undefined || round === undefined) continue;
    const { chunkWork, minerTotal } = await deps.query.estimate({ poolId: id });
    found.push({ pool, round, work: chunkWork, pay: minerTotal });
  }
  return found;
}

/** The first page is enough: a miner does not shop among hundreds. */
async function openPools(deps: MinerDeps): Promise<bigint[]> {
  const { pools } = await deps.query.pools({});
  return pools.map(({ id }) => id);
}
