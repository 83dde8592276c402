/** Leases the next chunk of the pool's queue. That there is none, or no free bond, is an answer and no failure. */
import { chainMessage, decodeEvent } from "@r3mes/chain-client";
import { type ErrorCode, R3mesError } from "@r3mes/protocol";
import { EventChunkLeasedSchema, MsgClaimChunkSchema, RoundPhase } from "@r3mes/protocol/messages";
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
): Promise<{ readonly lease: bigint; readonly chunk: bigint } | null> {
  const { round } = await deps.query.pool({ id: options.pool });
  if (round?.phase !== RoundPhase.TRAINING) return null;
  try {
    const { result } = await deps.submit([
      chainMessage(MsgClaimChunkSchema, { operator: options.operator, poolId: options.pool }),
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
