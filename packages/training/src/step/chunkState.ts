/**
 * The state of a step as bytes: the storage bytes of all state tensors in program order, nothing between them. It is what a miner
 * publishes for its auditors, and what an auditor puts into a session.
 */
import {
  joinBytes,
  type Program,
  readTensors,
  rootOfTensor,
  type Session,
  stateTensors,
  tensorBytes,
  writeTensors,
} from "@r3mes/engine";
import {
  adapterRoot,
  equalBytes,
  type Hash,
  R3mesError,
  type Sha256,
  type StatePlace,
  stateRoot,
} from "@r3mes/protocol";
import type { Adapter } from "../adapter/adapter.ts";
import { factorTensors, type StatePlan } from "../pool/trainingPlan.ts";
import { putI32, readI32 } from "./i32Bytes.ts";

/** State after step t, one entry for each state tensor in program order. */
export type ChunkState = readonly Uint8Array[];

/** The state before step 1: the adapter's factors, and an optimizer that has seen nothing. */
export function firstState(plan: StatePlan, adapter: Adapter): ChunkState {
  const { program } = plan;
  const state = cutState(program, new Uint8Array(stateBytes(plan)));
  const states = stateTensors(program);
  factorTensors(program).forEach((id, i) => {
    putI32(state[states.indexOf(id)]!, adapter.factors[i]!);
  });
  return state;
}

export function writeState(
  session: Pick<Session, "program" | "write" | "writeAll">,
  state: ChunkState,
): void {
  const { program } = session;
  const names = stateTensors(program).map((id) => program.tensors[id]!.name);
  writeTensors(session, names, encodeState(state));
}

/** All tensors in one piece: they are many, and a device in a thread of its own answers each request in a turn of that thread. */
export async function readState(session: Session): Promise<ChunkState> {
  const { program } = session;
  const names = stateTensors(program).map((id) => program.tensors[id]!.name);
  return cutState(program, await readTensors(session, names));
}

/** The tensors of a state that lie one behind the other. */
function cutState(program: Program, bytes: Uint8Array): ChunkState {
  let at = 0;
  return stateTensors(program).map((id) => {
    const size = tensorBytes(program.tensors[id]!);
    at += size;
    return bytes.subarray(at - size, at);
  });
}

/** The factors that a state holds, in program order. */
export function factorsOf({ program }: StatePlan, state: ChunkState): Int32Array[] {
  const states = stateTensors(program);
  return factorTensors(program).map((id) => readI32(state[states.indexOf(id)]!));
}

export function rootsOfState(plan: StatePlan, state: ChunkState, hash?: Sha256): Hash[] {
  return stateTensors(plan.program).map((id, i) => rootOfTensor(plan.program, id, state[i]!, hash));
}

export function rootOfState(
  plan: StatePlan,
  place: StatePlace,
  state: ChunkState,
  hash?: Sha256,
): Hash {
  return stateRoot(place, rootsOfState(plan, state, hash), hash);
}

/** The root under which an adapter version is adopted: the bare tree of the state before step 1. */
export function rootOfAdapter(plan: StatePlan, adapter: Adapter, hash?: Sha256): Hash {
  return adapterRoot(rootsOfState(plan, firstState(plan, adapter), hash), hash);
}

/** Bytes of a state file of this plan. */
export function stateBytes(plan: StatePlan): number {
  const sizes = stateTensors(plan.program).map((id) => tensorBytes(plan.program.tensors[id]!));
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** The very memory of a state that lies in one piece, as a session gives it; else a copy. */
export function encodeState(state: ChunkState): Uint8Array {
  return inOnePiece(state) ?? joinBytes(state);
}

/** Gives the memory of a state that a session gave back to it. Nobody may read that state any more. */
export function giveStateBack(session: Pick<Session, "giveBack">, state: ChunkState): void {
  const bytes = inOnePiece(state);
  if (bytes !== undefined) session.giveBack?.(bytes);
}

function inOnePiece(state: ChunkState): Uint8Array | undefined {
  const [first] = state;
  if (first === undefined) return undefined;
  let end = first.byteOffset;
  for (const { buffer, byteOffset, length } of state) {
    if (buffer !== first.buffer || byteOffset !== end) return undefined;
    end += length;
  }
  return new Uint8Array(first.buffer, first.byteOffset, end - first.byteOffset);
}

export function decodeState(plan: StatePlan, bytes: Uint8Array): ChunkState {
  const expected = stateBytes(plan);
  if (bytes.length !== expected) {
    throw new R3mesError({ code: "STATE_FILE_INVALID", expected, actual: bytes.length });
  }
  return cutState(plan.program, bytes);
}

/** The state that has been published under a root; null if these bytes are another one. Throws as `decodeState` does. */
export function decodeStateOf(
  plan: StatePlan,
  { place, root }: { readonly place: StatePlace; readonly root: Uint8Array },
  bytes: Uint8Array,
  hash?: Sha256,
): ChunkState | null {
  const state = decodeState(plan, bytes);
  return equalBytes(rootOfState(plan, place, state, hash), root) ? state : null;
}
