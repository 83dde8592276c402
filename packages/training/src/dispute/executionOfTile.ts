/**
 * The last move: the inputs of the disputed tile, each with proofs under roots that both parties agree about. Anyone who can run the
 * step up to the disputed record can make it. Source: spec/verification.md section 3.
 */
import {
  type CallReferee,
  executeByReferee,
  joinBytes,
  type LeafRange,
  layoutOf,
  type Program,
  type ProgramOrder,
  type ProgramRecord,
  programOrder,
  recordsOf,
  type Session,
  sourceOf,
  tileBytes,
  treeOfTensor,
  type WeightSource,
  weightBytes,
} from "@r3mes/engine";
import {
  proveSlot,
  proveSlots,
  R3mesError,
  type Sha256,
  type Tree,
  tensorTree,
} from "@r3mes/protocol";
import { batchShapeOf } from "../chunk/chunkRecords.ts";
import { rootsOfState } from "../step/chunkState.ts";
import { layoutOfShard, leafOfShard, leavesOfTiles } from "./batchLeaves.ts";
import type { ListProof, ShardLeaves, TileExecution, TileInput } from "./moves.ts";
import { proveItem, treeOfSlots } from "./postTrace.ts";
import { type DisputedStep, keepTensors } from "./stepTrace.ts";

/** What was fixed when model and dataset were registered. */
export interface RegisteredData {
  readonly weights: WeightSource;
  /** Roots of the model's weights, in the order of its manifest. */
  readonly weightRoots: readonly Uint8Array[];
  /** Roots of all shards of the dataset, in order. */
  readonly shardRoots: readonly Uint8Array[];
  /** Tokens of the training split. */
  readonly tokens: number;
}

/** Storage bytes of everything that a record reads, by tensor number; runs the step again for what the step computes. */
export async function inputsOfRecord(
  session: Session,
  step: DisputedStep,
  weights: WeightSource,
  record: number,
): Promise<ReadonlyMap<number, Uint8Array>> {
  const { program } = step.plan;
  const order = programOrder(program);
  const inputs = recordAt(program, record).operation.inputs.filter((id) => id >= 0);
  const { before, after } = await keepTensors(session, step, inputs);
  const bytes = new Map<number, Uint8Array>();
  for (const id of inputs) {
    const isWeight = sourceOf(order, id).from === "weight";
    const found = isWeight
      ? await weightBytes(program, weights, id)
      : (before.get(id) ?? after.get(id)!);
    bytes.set(id, found);
  }
  return bytes;
}

/**
 * Proves every input of a tile. `trace` is the tree over the records that the defender posted, `bytes` are those of
 * `inputsOfRecord`.
 */
export function executionOfTile(
  step: DisputedStep,
  trace: Tree,
  data: RegisteredData,
  disputed: { readonly record: number; readonly tile: number },
  bytes: ReadonlyMap<number, Uint8Array>,
  call: CallReferee,
  hash?: Sha256,
): TileExecution {
  const { program } = step.plan;
  const order = programOrder(program);
  const record = recordAt(program, disputed.record);
  const bytesOf = (tensor: number) => bytes.get(tensor)!;
  const { ranges } = executeByReferee(call, { program, record, tile: disputed.tile }, bytesOf);
  const trees = {
    backbone: treeOfSlots(data.weightRoots, hash),
    state: treeOfSlots(rootsOfState(step.plan, step.before, hash), hash),
    trace,
  };
  const tensorOf = (range: LeafRange) => record.operation.inputs[range.slot]!;
  const prove = (range: LeafRange) => {
    const tensor = tensorOf(range);
    const proof = proofOfTensor(program, order, tensor, trees);
    return proof === null
      ? { ...range, payload: new Uint8Array(0), siblings: [], tensor: { index: 0, siblings: [] } }
      : provenRange(program, range, tensor, bytesOf(tensor), proof, hash);
  };
  const batchRanges = ranges.filter((range) => sourceOf(order, tensorOf(range)).from === "batch");
  return { inputs: ranges.map(prove), shards: shardLeaves(step, data, order, batchRanges, hash) };
}

function recordAt(program: Program, position: number): ProgramRecord {
  const record = recordsOf(program)[position];
  if (record === undefined) {
    throw new R3mesError({ code: "TRACE_POSITION_INVALID", record: position });
  }
  return record;
}

/** Null for the batch, whose leaves are those of shards, and for the constants. */
function proofOfTensor(
  program: Program,
  order: ProgramOrder,
  tensor: number,
  trees: { readonly backbone: Tree; readonly state: Tree; readonly trace: Tree },
): ListProof | null {
  const source = sourceOf(order, tensor);
  switch (source.from) {
    case "weight":
      return proveItem(trees.backbone, source.item);
    case "state":
      return proveItem(trees.state, source.item);
    case "trace":
      return proveItem(
        trees.trace,
        recordsOf(program).findIndex((each) => each.tensor === tensor),
      );
    default:
      return null;
  }
}

function provenRange(
  program: Program,
  range: LeafRange,
  tensor: number,
  bytes: Uint8Array,
  proof: ListProof,
  hash?: Sha256,
): TileInput {
  const indices = indicesOf(range);
  const leaves = indices.map((index) => tileBytes(program.tensors[tensor]!, bytes, index));
  const tree = treeOfTensor(program, tensor, bytes, hash);
  return {
    ...range,
    payload: joinBytes(leaves),
    siblings: proveSlots(tree, indices),
    tensor: proof,
  };
}

/** The leaves of a range, ascending. */
export function indicesOf({ first, count, stride }: Omit<LeafRange, "slot">): number[] {
  return Array.from({ length: count }, (_, i) => first + i * stride);
}

function shardLeaves(
  { plan, task, t }: DisputedStep,
  data: RegisteredData,
  order: ProgramOrder,
  ranges: readonly LeafRange[],
  hash?: Sha256,
): ShardLeaves[] {
  if (ranges.length === 0) return [];
  const layout = layoutOf(plan.program, order.weights + order.stateTensors);
  const at = { chunk: task.chunk, t, batch: batchShapeOf(plan) };
  const dataset = treeOfSlots(data.shardRoots, hash);
  return [...leavesOfTiles(layout, ranges.flatMap(indicesOf), at)].map(([shard, leaves]) => {
    const tokens = task.shards.get(shard)!;
    const shardLayout = layoutOfShard(shard, data.tokens);
    const all = Array.from({ length: Math.ceil(tokens.length / shardLayout.tile[1]) }, (_, leaf) =>
      leafOfShard(tokens, leaf),
    );
    return {
      shard,
      leaves,
      payload: joinBytes(leaves.map((leaf) => all[leaf]!)),
      siblings: proveSlots(tensorTree(shardLayout, all, hash), leaves),
      shardSiblings: proveSlot(dataset, shard),
    };
  });
}
