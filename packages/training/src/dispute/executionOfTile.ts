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

/** The tile that a case has come down to. */
export interface DisputedTile {
  readonly step: DisputedStep;
  readonly record: number;
  readonly tile: number;
  /** The tree over the records that the defender posted. */
  readonly trace: Tree;
  readonly data: RegisteredData;
  /** Those of `inputsOfRecord`. */
  readonly inputs: ReadonlyMap<number, Uint8Array>;
}

/** Proves every input of a tile. */
export function executionOfTile(
  disputed: DisputedTile,
  deps: { readonly referee: CallReferee; readonly hash?: Sha256 | undefined },
): TileExecution {
  const { step, trace, data } = disputed;
  const { hash } = deps;
  const { program } = step.plan;
  const order = programOrder(program);
  const record = recordAt(program, disputed.record);
  const bytesOf = (tensor: number) => disputed.inputs.get(tensor)!;
  const { tile } = disputed;
  const { ranges } = executeByReferee(deps.referee, { program, record, tile }, bytesOf);
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
      : {
          ...range,
          ...proveLeaves(program, range, { id: tensor, bytes: bytesOf(tensor) }, hash),
          tensor: proof,
        };
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

function proveLeaves(
  program: Program,
  range: LeafRange,
  { id, bytes }: { readonly id: number; readonly bytes: Uint8Array },
  hash?: Sha256,
): Pick<TileInput, "payload" | "siblings"> {
  const indices = indicesOf(range);
  const leaves = indices.map((index) => tileBytes(program.tensors[id]!, bytes, index));
  const tree = treeOfTensor(program, id, bytes, hash);
  return { payload: joinBytes(leaves), siblings: proveSlots(tree, indices) };
}

/** The leaves of a range, ascending. */
export function indicesOf({ first, count, stride }: Omit<LeafRange, "slot">): number[] {
  return Array.from({ length: count }, (_, i) => first + i * stride);
}

function shardLeaves(
  { plan, leased, t }: DisputedStep,
  data: RegisteredData,
  order: ProgramOrder,
  ranges: readonly LeafRange[],
  hash?: Sha256,
): ShardLeaves[] {
  if (ranges.length === 0) return [];
  const layout = layoutOf(plan.program, order.weights + order.stateTensors);
  const at = { chunk: leased.chunk, t, batch: batchShapeOf(plan) };
  const dataset = treeOfSlots(data.shardRoots, hash);
  return [...leavesOfTiles(layout, ranges.flatMap(indicesOf), at)].map(([shard, leaves]) => {
    const tokens = leased.shards.get(shard)!;
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
