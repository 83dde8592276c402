/**
 * A tile that consensus has executed, executed again on this machine as every validator did: by the referee of the chain, from what the
 * transaction in the block brought, under the roots that both parties agreed about. It needs a node and no content.
 */
import { type ChainRpc, messagesOf } from "@r3mes/chain-client";
import { claimOf } from "@r3mes/participant";
import { R3mesError, stateRootOfTree } from "@r3mes/protocol";
import {
  type Case,
  type MerkleProof,
  type MsgExecuteTile,
  MsgExecuteTileSchema,
} from "@r3mes/protocol/messages";
import { type CaseFacts, type DisputeCase, executeTile, type TileExecution } from "@r3mes/training";

/**
 * The leaf of the tile that a case about a step or a digest came down to.
 *
 * @throws TILE_INPUT_INVALID and MERKLE_… as the chain does; DEVICE_NOT_EXACT where the referee gives no tile on this machine
 */
export function executeAgain(record: Case, facts: CaseFacts, message: MsgExecuteTile): Uint8Array {
  const disputed = disputeOf(record, facts);
  const { executed } = executeTile(facts, disputed, executionOf(message));
  if (executed !== undefined) return executed;
  throw new R3mesError({ code: "DEVICE_NOT_EXACT", case: record.id });
}

/** The message that decided a case. @throws BLOCKS_PRUNED, TRANSACTION_NOT_FOUND */
export async function decidingMessage(
  { id, closeHeight }: Pick<Case, "id" | "closeHeight">,
  rpc: Pick<ChainRpc, "status" | "block" | "blockResults">,
): Promise<MsgExecuteTile> {
  const { earliestHeight } = await rpc.status();
  if (closeHeight < earliestHeight) {
    const facts = { wanted: closeHeight, earliest: earliestHeight };
    throw new R3mesError({ code: "BLOCKS_PRUNED", ...facts });
  }
  const [{ transactions }, results] = await Promise.all([
    rpc.block(closeHeight),
    rpc.blockResults(closeHeight),
  ]);
  const executed = transactions.filter((_, i) => results.transactions[i]!.code === 0);
  for (const transaction of executed) {
    const found = messagesOf(MsgExecuteTileSchema, transaction).find(({ caseId }) => caseId === id);
    if (found !== undefined) return found;
  }
  throw new R3mesError({ code: "TRANSACTION_NOT_FOUND", case: id, height: closeHeight });
}

function disputeOf(record: Case, { place, adapterRoot, hash }: CaseFacts): DisputeCase {
  const { step, operation, traceRoot } = record;
  const stateBefore =
    step === 1 ? stateRootOfTree({ ...place, t: 0 }, adapterRoot, hash) : record.stateBefore;
  return {
    claim: claimOf(record)!,
    children: [],
    ...{ step, stateBefore, traceRoot, operation },
    record: record.record,
  };
}

function executionOf({ inputs, shards }: MsgExecuteTile): TileExecution {
  return {
    inputs: inputs.map(({ slot, first, count, stride, payload, proof, tensorProof }) => ({
      ...{ slot, first, count, stride, payload },
      siblings: proof!.hashes,
      tensor: listProof(tensorProof!),
    })),
    shards: shards.map(({ shard, leaves, payload, proof, shardProof }) => ({
      ...{ shard, leaves, payload },
      siblings: proof!.hashes,
      shardSiblings: shardProof!.siblings,
    })),
  };
}

function listProof({ index, siblings }: MerkleProof) {
  return { index: Number(index), siblings };
}
