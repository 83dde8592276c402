/**
 * One random tile of one random step, computed again by the definition before anything is promised: a device that flips a bit is found
 * here, where it costs nothing. It draws for itself; nobody else learns what was checked.
 */
import {
  executeTile,
  gatherTiles,
  type Observer,
  recordsOf,
  type Session,
  tileBytes,
  tileIndices,
  weightBytes,
  writersOf,
} from "@r3mes/engine";
import { equalBytes, R3mesError } from "@r3mes/protocol";
import {
  type ChunkState,
  type ChunkTask,
  type OpenedPool,
  runStep,
  writeState,
} from "@r3mes/training";

export interface CheckedStep {
  readonly t: number;
  /** The state before it. */
  readonly before: ChunkState;
}

export interface CheckedTile {
  readonly operation: string;
  readonly tile: number;
}

export type SelfCheck = typeof selfCheck;

/**
 * Runs step t again and compares a tile of it with the definition. The session's state is then the one after the step.
 *
 * @param draw gives a number from 0 to below its argument
 * @throws DEVICE_NOT_EXACT
 */
export async function selfCheck(
  { opened, session }: { readonly opened: OpenedPool; readonly session: Session },
  task: ChunkTask,
  { t, before }: CheckedStep,
  draw: (below: number) => number,
): Promise<CheckedTile> {
  const { program } = session;
  const records = recordsOf(program);
  const record = records[draw(records.length)]!;
  const { operation, tensor } = record;
  const target = program.tensors[tensor]!;
  const tiles = tileIndices(target);
  const tile = tiles[draw(tiles.length)]!;

  writeState(session, before);
  const inputs = new Map<number, Uint8Array>();
  for (const id of operation.inputs) {
    if (program.tensors[id]?.role === "state") {
      inputs.set(id, (await session.read(program.tensors[id].name)).slice());
    }
  }
  let found: Uint8Array | undefined;
  const observe: Observer = (at, output, bytes) => {
    const id = program.operations[at]!.outputs[output]!;
    if (id === tensor) found = tileBytes(target, bytes, tile).slice();
    // A state that a record writes is read by others as it was before the step.
    if (operation.inputs.includes(id) && !inputs.has(id)) inputs.set(id, bytes.slice());
  };
  const only = writersOf(program, new Set([tensor, ...operation.inputs]));
  await runStep(session, opened.plan, task, t, observe, only);
  for (const id of operation.inputs) {
    const role = program.tensors[id]?.role;
    if (role === "weight") inputs.set(id, await weightBytes(program, opened.weights, id));
    if (role === "input" || role === "constant") {
      inputs.set(id, await session.read(program.tensors[id]!.name));
    }
  }
  const closure = gatherTiles(program, record, tile, (id) => inputs.get(id)!);
  const given = closure.map(({ slot, tiles: indices, bytes }) => ({ slot, indices, tiles: bytes }));
  const expected = executeTile(program, record, tile, given);
  if (found === undefined || !equalBytes(found, expected)) {
    const facts = { backend: "in use", step: t, tensor: target.name };
    throw new R3mesError({ code: "DEVICE_NOT_EXACT", ...facts });
  }
  return { operation: operation.name, tile };
}
