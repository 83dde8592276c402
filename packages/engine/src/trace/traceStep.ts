/**
 * The trace of a step: the root of every tensor that its records compute. Nothing is kept but roots: a party that needs a
 * tensor's tree again runs the step again and keeps that one (`recordStep`).
 */
import {
  buildTree,
  type Hash,
  operationRoot,
  type Sha256,
  type Tree,
  tensorRootOfTree,
  tensorTree,
  traceRoot,
  treeTop,
} from "@r3mes/protocol";
import type { Session } from "../backends/backend.ts";
import type { Program } from "../program/program.ts";
import { layoutOf } from "../tensor/layout.ts";
import { tileBytes, tileIndices } from "../tensor/tiles.ts";

export interface Trace {
  readonly root: Hash;
  /** The root of the tensor of each record, in the order of `recordsOf`. */
  readonly tensorRoots: readonly Hash[];
  /** The tree over the records, whose slots are operation roots of one tensor each. */
  readonly tree: Tree;
}

/** Runs one step and returns its trace. The session's state advances, as in any run. */
export async function traceStep(session: Session, hash?: Sha256): Promise<Trace> {
  const tensorRoots: Hash[] = [];
  await session.run((operation, output, bytes) => {
    const tensor = session.program.operations[operation]!.outputs[output]!;
    tensorRoots.push(rootOfTensor(session.program, tensor, bytes, hash));
  });
  return traceOfRoots(tensorRoots, hash);
}

export function traceOfRoots(tensorRoots: readonly Hash[], hash?: Sha256): Trace {
  const slots = tensorRoots.map((root) => operationRoot([root], hash));
  return {
    root: traceRoot(slots, hash),
    tensorRoots,
    tree: buildTree(slots, hash === undefined ? {} : { hash }),
  };
}

/** The tree over the tiles of a tensor in storage form. */
export function treeOfTensor(
  program: Program,
  tensor: number,
  bytes: Uint8Array,
  hash?: Sha256,
): Tree {
  const spec = program.tensors[tensor]!;
  const tiles = tileIndices(spec).map((index) => tileBytes(spec, bytes, index));
  return tensorTree(layoutOf(program, tensor), tiles, hash);
}

export function rootOfTensor(
  program: Program,
  tensor: number,
  bytes: Uint8Array,
  hash?: Sha256,
): Hash {
  const tree = treeTop(treeOfTensor(program, tensor, bytes, hash));
  return tensorRootOfTree(layoutOf(program, tensor), tree, hash);
}
