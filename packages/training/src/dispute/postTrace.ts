/** The defender's moves: what it shows of a claim, from its own computation. Source: spec/verification.md section 2. */
import { encodeRecord, nodesBelow, type Program, programOrder, recordsOf } from "@r3mes/engine";
import {
  buildTree,
  type Hash,
  leafHash,
  proveSlot,
  proveSlots,
  type Sha256,
  type Tree,
  treeNode,
} from "@r3mes/protocol";
import type { Claim } from "./claim.ts";
import type { ListItem, ListProof, TraceBinding, TracePost } from "./moves.ts";
import type { StepTrace } from "./stepTrace.ts";

/** The post about the state roots of t = 1 … H. */
export function postSteps(
  claim: Claim,
  stateRoots: readonly Uint8Array[],
  hash?: Sha256,
): TracePost {
  return { children: nodesOfClaim(claim, treeOfSlots(stateRoots, hash)) };
}

/** The post about the records of the step. `drawn` are the operations that a disputed digest names, ascending. */
export function postOperations(
  claim: Claim,
  program: Program,
  { trace }: StepTrace,
  drawn: readonly number[] = [],
): TracePost {
  const children = nodesOfClaim(claim, trace.tree);
  if (!claim.isRoot) return { children };
  const writers = programOrder(program).stateWriters;
  const ascending = [...writers].sort((a, b) => a - b);
  const binding: TraceBinding = {
    stateRoots: writers.map((record) => trace.tensorRoots[record]!),
    siblings: proveSlots(trace.tree, ascending),
    ...(drawn.length > 0 && {
      digest: {
        roots: drawn.map((record) => treeNode(trace.tree, 0, record)),
        siblings: proveSlots(trace.tree, drawn),
      },
    }),
  };
  return { children, trace: { root: trace.root, binding } };
}

/** The post about the tiles of the tensor that `record` computes. */
export async function postTiles(
  claim: Claim,
  program: Program,
  record: number,
  trace: StepTrace,
  hash?: Sha256,
): Promise<TracePost> {
  const children = nodesOfClaim(claim, await trace.tiles(record));
  return claim.isRoot ? { children, record: openRecord(program, record, hash) } : { children };
}

/** A record with its proof under the root of its program. */
export function openRecord(
  program: Program,
  index: number,
  hash?: Sha256,
): NonNullable<TracePost["record"]> {
  const records = recordsOf(program).map((each) => encodeRecord(program, each));
  const { content, proof } = openItem(records, treeOfItems(records, hash), index);
  return { bytes: content, proof };
}

/** An item of a list with its proof; the tree may be the one that somebody else has posted. */
export function openItem(items: readonly Uint8Array[], tree: Tree, index: number): ListItem {
  return { content: items[index]!, proof: proveItem(tree, index) };
}

export function proveItem(tree: Tree, index: number): ListProof {
  return { index, siblings: proveSlot(tree, index) };
}

/** The nodes of one post, from the party's own tree. */
export function nodesOfClaim(claim: Claim, tree: Tree): readonly Hash[] {
  return claim.isRoot
    ? nodesBelow(tree, tree.depth, 0)
    : nodesBelow(tree, claim.height, claim.index);
}

export function treeOfSlots(slots: readonly Uint8Array[], hash?: Sha256): Tree {
  return buildTree(slots, hash === undefined ? {} : { hash });
}

export function treeOfItems(items: readonly Uint8Array[], hash?: Sha256): Tree {
  return treeOfSlots(
    items.map((item) => leafHash(item, hash)),
    hash,
  );
}
