/**
 * A case about an update: what both sides show of it, from the first and the last state of a chunk. Compression is judged by tiles,
 * each with the two states of its elements, so nobody executes the whole. Source: spec/verification.md section 4.
 */
import {
  programOrder,
  type TensorUpdate,
  tileIndices,
  tileRegion,
  type Update,
  updateScaleMax,
} from "@r3mes/engine";
import {
  createWriter,
  listRootOfTree,
  type Sha256,
  type Tree,
  treeTop,
  updateSlot,
} from "@r3mes/protocol";
import { factorTensors, stateOfFactor, type TrainingPlan } from "../pool/trainingPlan.ts";
import { type ChunkState, rootsOfState } from "../step/chunkState.ts";
import { readI32 } from "../step/i32Bytes.ts";
import { itemsOfUpdate, signsRoot, signTiles } from "../step/rootOfUpdate.ts";
import { type Claim, heightBelow } from "./claim.ts";
import type { TileExecution, TileInput, TracePost, UpdateClaim } from "./moves.ts";
import { pinpointNode } from "./pinpoint.ts";
import { nodesOfClaim, openItem, openRecord, treeOfItems, treeOfSlots } from "./postTrace.ts";
import { tileInput } from "./tileInput.ts";

/** The two states that an update follows from: s_0 and s_H. */
export interface UpdateStates {
  readonly plan: TrainingPlan;
  readonly first: ChunkState;
  readonly last: ChunkState;
  /** The host's own SHA-256, where it has a faster one. */
  readonly hash?: Sha256 | undefined;
}

/** The pinpoint that agrees with all signs of a tensor and disputes its scale. */
export const SCALE_DISPUTED = 256;

/** The lists about one factor: how much its tiles keep, and how much that sums up to. */
export interface UpdateLists {
  readonly signs: readonly Uint8Array[];
  readonly sums: readonly Uint8Array[];
  readonly kept: number;
  readonly scale: number;
  readonly hash?: Sha256 | undefined;
}

/** The post about the tensors of an update. */
export function postTensors(claim: Claim, states: UpdateStates, update: Update): TracePost {
  return { children: nodesOfClaim(claim, tensorTree(states, update)) };
}

/** The first tensor that differs from the one that the challenger's own update has. */
export function pinpointTensor(
  claim: Claim,
  posted: readonly Uint8Array[],
  states: UpdateStates,
  update: Update,
): number | null {
  return pinpointNode(claim, posted, tensorTree(states, update));
}

function tensorTree({ plan, hash }: UpdateStates, update: Update): Tree {
  return treeOfSlots(
    itemsOfUpdate(plan, update, hash).map((item) => updateSlot(item, hash)),
    hash,
  );
}

/** What a defender stands by of factor `place`: the elements that are kept end at the least of them. */
export function updateClaimOf(
  states: UpdateStates,
  place: number,
  { scale, indices, negative }: TensorUpdate,
): UpdateClaim {
  const { program } = states.plan;
  const id = factorTensors(program)[place]!;
  const tensor = program.tensors[id]!;
  const changes = changesOf(states, place);
  const elements = tensor.rows * tensor.columns;
  const isAll =
    indices.length === changes.reduce((count, change) => count + Number(change !== 0), 0);
  let threshold = 1;
  let last = elements - 1;
  if (!isAll) {
    threshold = indices.reduce((least, i) => Math.min(least, Math.abs(changes[i]!)), Infinity);
    last = indices.findLast((i) => Math.abs(changes[i]!) === threshold)!;
  }
  const tiles = signTiles(program, id, { indices, negative });
  return { scale, kept: indices.length, signsRoot: signsRoot(tiles, states.hash), threshold, last };
}

/** The lists that the states give for a claim's threshold. */
export function updateLists(
  states: UpdateStates,
  place: number,
  { threshold, last }: Pick<UpdateClaim, "threshold" | "last">,
): UpdateLists {
  const { program } = states.plan;
  const id = factorTensors(program)[place]!;
  const tensor = program.tensors[id]!;
  const changes = changesOf(states, place);
  const isKept = (i: number) => {
    const size = Math.abs(changes[i]!);
    return size > threshold || (size === threshold && i <= last);
  };
  const kept: number[] = [];
  for (let i = 0; i < changes.length; i += 1) if (isKept(i)) kept.push(i);
  const indices = Uint32Array.from(kept);
  const negative = Uint8Array.from(kept, (i) => (changes[i]! < 0 ? 1 : 0));
  let sum = 0;
  const sums = tileIndices(tensor).map((tile) => {
    const { row, column, rows, columns } = tileRegion(tensor, tile);
    for (let r = row; r < row + rows; r += 1) {
      for (let i = r * tensor.columns + column; i < r * tensor.columns + column + columns; i += 1) {
        if (isKept(i)) sum += Math.abs(changes[i]!);
      }
    }
    return createWriter().u64(BigInt(sum)).finish();
  });
  const mean = kept.length === 0 ? 0 : Math.floor(sum / kept.length);
  return {
    signs: signTiles(program, id, { indices, negative }),
    sums,
    kept: kept.length,
    scale: Math.min(updateScaleMax, mean),
    hash: states.hash,
  };
}

/** The post about the signs of factor `place`. */
export function postSigns(
  claim: Claim,
  states: UpdateStates,
  place: number,
  update: UpdateClaim,
): TracePost {
  const tree = treeOfItems(updateLists(states, place, update).signs, states.hash);
  const children = nodesOfClaim(claim, tree);
  if (!claim.isRoot) return { children };
  const { program } = states.plan;
  const writer = programOrder(program).stateWriters[stateOfFactor(program, place)]!;
  return { children, update, record: openRecord(program, writer, states.hash) };
}

/** The post about the scale of a factor: the running sums of what its tiles keep. */
export function postSums(claim: Claim, { sums, hash }: UpdateLists): TracePost {
  const tree = treeOfItems(sums, hash);
  const children = nodesOfClaim(claim, tree);
  if (!claim.isRoot) return { children };
  return { children, sumsRoot: listRootOfTree("remes/sums/1", sums.length, treeTop(tree), hash) };
}

/**
 * The first posted node that differs from what the states give. Where all signs agree their number or the scale is wrong: the one shows at
 * the last tile, the other is disputed by itself. Null if the tensor is right.
 */
export function pinpointSigns(
  claim: Claim,
  posted: readonly Uint8Array[],
  stated: UpdateClaim,
  own: UpdateLists,
): number | null {
  const difference = pinpointNode(claim, posted, treeOfItems(own.signs, own.hash));
  if (difference !== null) return difference;
  if (stated.kept !== own.kept) return childOfLast(claim, own.signs.length);
  return stated.scale === own.scale ? null : SCALE_DISPUTED;
}

/** The first posted node of the sums that differs; the one of the last tile if the scale alone is wrong. */
export function pinpointSums(
  claim: Claim,
  posted: readonly Uint8Array[],
  stated: UpdateClaim,
  own: UpdateLists,
): number | null {
  const difference = pinpointNode(claim, posted, treeOfItems(own.sums, own.hash));
  if (difference !== null) return difference;
  return stated.scale === own.scale ? null : childOfLast(claim, own.sums.length);
}

/** Which posted node covers the last item. */
function childOfLast({ height }: Claim, count: number): number {
  const below = heightBelow(height);
  return Math.floor((count - 1) / 2 ** below) % 2 ** (height - below);
}

/** What a tile of the factor at `place` is judged with; `posted` are trees as the defender posted them. */
export function executionOfUpdate(
  states: UpdateStates,
  { place, tile }: { readonly place: number; readonly tile: number },
  own: UpdateLists,
  posted: { readonly signs: Tree; readonly sums?: Tree },
): TileExecution {
  const { first, last } = states;
  const { signs, sums } = posted;
  const items =
    sums === undefined
      ? before(tile, (index) => openItem(own.signs, signs, index))
      : [
          openItem(own.signs, signs, tile),
          ...before(tile, (index) => openItem(own.sums, sums, index)),
        ];
  const inputs = [first, last].map((state) => tileOfState(states, state, place, tile));
  return { inputs, shards: [], items };
}

function before<T>(tile: number, itemAt: (index: number) => T): T[] {
  return tile === 0 ? [] : [itemAt(tile - 1)];
}

function tileOfState(
  { plan, hash }: UpdateStates,
  state: ChunkState,
  place: number,
  tile: number,
): TileInput {
  const { program } = plan;
  const id = factorTensors(program)[place]!;
  const item = stateOfFactor(program, place);
  const tensor = { id, bytes: state[item]!, place: item, roots: rootsOfState(plan, state, hash) };
  return tileInput(program, tensor, tileIndices(program.tensors[id]!)[tile]!, hash);
}

function changesOf({ plan, first, last }: UpdateStates, place: number): Float64Array {
  const item = stateOfFactor(plan.program, place);
  const after = readI32(last[item]!);
  return Float64Array.from(readI32(first[item]!), (value, i) => value - after[i]!);
}
