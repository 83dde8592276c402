/** The root of the state: factors and optimizer, in program order, bound to their place (spec/encoding.md section 6). */
import { type Hash, stateRoot as rootOfState, type Sha256, type StatePlace } from "@r3mes/protocol";
import type { Session } from "../backends/backend.ts";
import type { Program } from "../program/program.ts";
import { rootOfTensor } from "./treeOfTensor.ts";

const found = new WeakMap<Program, readonly number[]>();

/** Numbers of the state tensors, in program order. They are found once: every state of a chunk asks for them several times. */
export function stateTensors(program: Program): readonly number[] {
  const known = found.get(program);
  if (known !== undefined) return known;
  const ids = program.tensors.flatMap((tensor, id) => (tensor.role === "state" ? [id] : []));
  found.set(program, ids);
  return ids;
}

/** Roots of the state tensors that a session holds now. */
export async function stateTensorRoots(session: Session, hash?: Sha256): Promise<readonly Hash[]> {
  const roots: Hash[] = [];
  for (const id of stateTensors(session.program)) {
    const bytes = await session.read(session.program.tensors[id]!.name);
    roots.push(rootOfTensor(session.program, id, bytes, hash));
  }
  return roots;
}

/** The root that a miner commits to after step `place.t`. */
export async function stateRootOf(
  session: Session,
  place: StatePlace,
  hash?: Sha256,
): Promise<Hash> {
  return rootOfState(place, await stateTensorRoots(session, hash), hash);
}
