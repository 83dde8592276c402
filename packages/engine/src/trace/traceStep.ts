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
  traceRoot,
} from "@r3mes/protocol";
import type { Session } from "../backends/backend.ts";
import { rootOfTensor } from "./treeOfTensor.ts";

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
