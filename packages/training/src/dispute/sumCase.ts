/**
 * A case about the sum of a round: what both sides show of it, from the version before and the updates. The sum is made element by
 * element, so a single tile can be computed from what each update says of it. Source: spec/verification.md section 5.
 */
import { decodeUpdate, programOrder, stateTensors, tileIndices, treeOfTensor } from "@r3mes/engine";
import { type Sha256, type Tree, updateItem } from "@r3mes/protocol";
import type { Adapter } from "../adapter/adapter.ts";
import { aggregateRound } from "../aggregation/aggregateRound.ts";
import {
  factorTensors,
  stateOfFactor,
  type TrainingPlan,
  updateLayoutOf,
} from "../pool/trainingPlan.ts";
import { firstState, rootsOfState } from "../step/chunkState.ts";
import { i32Bytes } from "../step/i32Bytes.ts";
import { rootsOfMomenta } from "../step/rootOfMomenta.ts";
import { itemsOfUpdate, signTiles } from "../step/rootOfUpdate.ts";
import type { Claim } from "./claim.ts";
import type { SummedUpdate, TileExecution, TracePost } from "./moves.ts";
import { pinpointNode } from "./pinpoint.ts";
import { nodesOfClaim, openItem, openRecord, treeOfItems, treeOfSlots } from "./postTrace.ts";
import { tileInput } from "./tileInput.ts";

/** Which list of a sum is disputed: the tensors of the adapter's state, or the momenta of its factors. */
export type SumPart = "adapter" | "momentum";

/** A round as its sum is made of it. */
export interface SummedRound {
  readonly plan: TrainingPlan;
  /** The version that the round started from. */
  readonly before: Adapter;
  /** It is the model's own, which has no momentum. */
  readonly isFresh: boolean;
  /** Encodings of the updates, in the order of their submissions. */
  readonly updates: readonly Uint8Array[];
  /** The host's own SHA-256, where it has a faster one. */
  readonly hash?: Sha256 | undefined;
}

/** A sum that somebody stands by. */
export interface Sum {
  readonly plan: TrainingPlan;
  readonly part: SumPart;
  readonly after: Adapter;
  readonly hash?: Sha256 | undefined;
}

export function sumOf({ plan, before, updates, hash }: SummedRound, part: SumPart): Sum {
  return { plan, part, after: aggregateRound(plan, before, updates), hash };
}

/** The post about the tensors of a sum. */
export function postSumTensors(claim: Claim, sum: Sum): TracePost {
  return { children: nodesOfClaim(claim, tensorTree(sum)) };
}

/** The first posted tensor that differs from the one that the challenger's own sum has. */
export function pinpointSumTensor(
  claim: Claim,
  posted: readonly Uint8Array[],
  sum: Sum,
): number | null {
  return pinpointNode(claim, posted, tensorTree(sum));
}

/** The post about the tiles of tensor `place` of the disputed list. */
export function postSumTiles(claim: Claim, sum: Sum, place: number): TracePost {
  const children = nodesOfClaim(claim, tileTree(sum, place));
  if (!claim.isRoot) return { children };
  const { program } = sum.plan;
  const writer = programOrder(program).stateWriters[statePlace(sum, place)]!;
  return { children, record: openRecord(program, writer, sum.hash) };
}

export function pinpointSumTile(
  claim: Claim,
  posted: readonly Uint8Array[],
  sum: Sum,
  place: number,
): number | null {
  return pinpointNode(claim, posted, tileTree(sum, place));
}

/** What the disputed tile is computed from; nothing where an optimizer's tensor is disputed, which begins at zero. */
export function executionOfSum(
  round: SummedRound,
  part: SumPart,
  place: number,
  tile: number,
): TileExecution {
  const { plan, before, isFresh, updates, hash } = round;
  const state = statePlace({ plan, part }, place);
  const id = stateTensors(plan.program)[state]!;
  const factor = factorTensors(plan.program).indexOf(id);
  if (factor < 0) return { inputs: [], shards: [] };
  const storage = firstState(plan, before);
  const roots = rootsOfState(plan, storage, hash);
  const tensors = [{ id, bytes: storage[state]!, place: state, roots }];
  if (!isFresh) {
    const bytes = i32Bytes(before.momenta[factor]!);
    tensors.push({ id, bytes, place: factor, roots: rootsOfMomenta(plan, before, hash) });
  }
  return {
    inputs: tensors.map((tensor) => tileInput(plan.program, tensor, tile, hash)),
    shards: [],
    updates: updates.map((bytes) => summedUpdate(round, bytes, factor, tile)),
  };
}

/** What one update says of a tile of a factor. */
function summedUpdate(
  { plan, hash }: SummedRound,
  bytes: Uint8Array,
  factor: number,
  tile: number,
): SummedUpdate {
  const { program } = plan;
  const id = factorTensors(program)[factor]!;
  const update = decodeUpdate(updateLayoutOf(plan), bytes);
  const items = itemsOfUpdate(plan, update, hash).map(updateItem);
  const signs = signTiles(program, id, update[factor]!);
  const place = tileIndices(program.tensors[id]!).indexOf(tile);
  return {
    tensor: openItem(items, treeOfItems(items, hash), factor),
    signs: openItem(signs, treeOfItems(signs, hash), place),
  };
}

/** Place in the state of tensor `place` of the disputed list; of a momentum it is that of its factor. */
function statePlace({ plan, part }: Pick<Sum, "plan" | "part">, place: number): number {
  return part === "adapter" ? place : stateOfFactor(plan.program, place);
}

function tensorTree({ plan, part, after, hash }: Sum): Tree {
  const roots =
    part === "adapter"
      ? rootsOfState(plan, firstState(plan, after), hash)
      : rootsOfMomenta(plan, after, hash);
  return treeOfSlots(roots, hash);
}

function tileTree(sum: Sum, place: number): Tree {
  const { plan, part, after, hash } = sum;
  const state = statePlace(sum, place);
  const bytes =
    part === "adapter" ? firstState(plan, after)[state]! : i32Bytes(after.momenta[place]!);
  return treeOfTensor(plan.program, stateTensors(plan.program)[state]!, bytes, hash);
}
