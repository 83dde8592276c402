/** The moves of a case as messages of the chain. */
import { type ChainMessage, chainMessage } from "@r3mes/chain-client";
import {
  type Case,
  CaseStage,
  MsgExecuteTileSchema,
  MsgPinpointSchema,
  MsgPostTraceSchema,
} from "@r3mes/protocol/messages";
import type { Claim, ListItem, Stage, TileExecution, TracePost } from "@r3mes/training";

const STAGES: Partial<Record<CaseStage, Stage>> = {
  [CaseStage.STEPS]: "steps",
  [CaseStage.OPERATIONS]: "operations",
  [CaseStage.TENSORS]: "tensors",
  [CaseStage.TILES]: "tiles",
  [CaseStage.EXECUTION]: "tiles",
};

/** The claim of a case; undefined for a stage that has none. */
export function claimOf({ claim }: Case): Claim | undefined {
  const stage = claim === undefined ? undefined : STAGES[claim.stage];
  if (claim === undefined || stage === undefined) return undefined;
  const { height, index, hash, atRoot } = claim;
  return { stage, isRoot: atRoot, height, index: Number(index), hash };
}

export function postMessage(operator: string, caseId: bigint, post: TracePost): ChainMessage {
  const { children, trace, record, update, sumsRoot } = post;
  return chainMessage(MsgPostTraceSchema, {
    operator,
    caseId,
    children: [...children],
    ...(trace && {
      traceRoot: trace.root,
      binding: {
        stateTensorRoots: [...trace.binding.stateRoots],
        proof: { hashes: [...trace.binding.siblings] },
        ...(trace.binding.digest && {
          digestRoots: [...trace.binding.digest.roots],
          digestProof: { hashes: [...trace.binding.digest.siblings] },
        }),
      },
    }),
    ...(update && { update }),
    ...(sumsRoot && { traceRoot: sumsRoot }),
    ...(record && {
      record: record.bytes,
      recordProof: { index: BigInt(record.proof.index), siblings: [...record.proof.siblings] },
    }),
  });
}

export function pinpointMessage(operator: string, caseId: bigint, child: number): ChainMessage {
  return chainMessage(MsgPinpointSchema, { operator, caseId, child });
}

export function executeMessage(
  executor: string,
  caseId: bigint,
  execution: TileExecution,
): ChainMessage {
  return chainMessage(MsgExecuteTileSchema, {
    executor,
    caseId,
    items: (execution.items ?? []).map(listItem),
    updates: (execution.updates ?? []).map(({ tensor, signs }) => ({
      tensor: listItem(tensor),
      signs: listItem(signs),
    })),
    inputs: execution.inputs.map(({ siblings, tensor, ...range }) => ({
      ...range,
      proof: { hashes: [...siblings] },
      tensorProof: { index: BigInt(tensor.index), siblings: [...tensor.siblings] },
    })),
    shards: execution.shards.map(({ shard, leaves, payload, siblings, shardSiblings }) => ({
      shard,
      leaves: [...leaves],
      payload,
      proof: { hashes: [...siblings] },
      shardProof: { index: BigInt(shard), siblings: [...shardSiblings] },
    })),
  });
}

function listItem({ content, proof }: ListItem) {
  return { content, proof: { index: BigInt(proof.index), siblings: [...proof.siblings] } };
}
