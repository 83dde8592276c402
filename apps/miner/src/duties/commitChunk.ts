/** Commits to a chunk that has been trained: the journal knows the work before the chain does. */
import { chainMessage } from "@r3mes/chain-client";
import { decodeAddress, fromHex, type Hash, submissionCommitment } from "@r3mes/protocol";
import { type Lease, MsgCommitSchema } from "@r3mes/protocol/messages";
import { contentIdToBytes, parseContentId } from "@r3mes/storage";
import { leaseOf } from "../leaseOf.ts";
import type { MinerDeps, MinerOptions } from "../minerDeps.ts";
import type { WorkRecord } from "../minerRecord.ts";

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
