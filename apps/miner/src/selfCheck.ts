/**
 * One random tile of one random step, computed again by the definition before anything is promised: a device that flips a bit is found
 * here, where it costs nothing. It draws for itself; nobody else learns what was checked. What the tile needs is taken from the step as
 * it is trained, so that no step runs twice.
 */
import {
  executeTile,
  gatherTiles,
  type Observer,
  recordsOf,
  stateTensors,
  tileBytes,
  tileIndices,
  weightBytes,
  writersOf,
} from "@r3mes/engine";
import { equalBytes, R3mesError } from "@r3mes/protocol";
import {
  type ChunkState,
  givenTensors,
  type LeasedChunk,
  type OpenedPool,
  type ShownStep,
} from "@r3mes/training";

export interface SelfCheck {
  /** The step of which training must show something; absent where nothing is checked. */
  readonly shown?: ShownStep;
  /** To be told of the states of the chunk as they come. */
  onState(t: number, state: ChunkState): void;
  /** Once the chunk is trained. Throws DEVICE_NOT_EXACT. */
  check(): Promise<CheckedTile>;
}

export interface CheckedTile {
  readonly step: number;
  readonly operation: string;
  readonly tile: number;
}

export type CreateSelfCheck = typeof createSelfCheck;

/** Stands for what no record that is checked reads. */
const none = new Uint8Array(0);

/** `draw` gives a number from 0 to below its argument. */
export function createSelfCheck(
  { plan, weights }: Pick<OpenedPool, "plan" | "weights">,
  leased: LeasedChunk,
  draw: (below: number) => number,
): SelfCheck {
  const { program } = plan;
  const t = 1 + draw(plan.localSteps);
  const records = recordsOf(program);
  const record = records[draw(records.length)]!;
  const { operation, tensor } = record;
  const target = program.tensors[tensor]!;
  const tiles = tileIndices(target);
  const tile = tiles[draw(tiles.length)]!;
  const shown = new Map<number, Uint8Array>();
  const states = stateTensors(program);
  let before: ChunkState = [];
  let found: Uint8Array | undefined;
  const observe: Observer = (at, output, bytes) => {
    const id = program.operations[at]!.outputs[output]!;
    if (id === tensor) found = tileBytes(target, bytes, tile).slice();
    if (operation.inputs.includes(id)) shown.set(id, bytes.slice());
  };
  return {
    shown: { t, observe, only: writersOf(program, new Set([tensor, ...operation.inputs])) },
    onState(at, state) {
      if (at !== t - 1) return;
      before = state.map((bytes, i) =>
        operation.inputs.includes(states[i]!) ? bytes.slice() : none,
      );
    },
    async check() {
      // A state that the step writes is read by its records as it was before.
      const inputs = new Map([...shown, ...givenTensors({ plan, leased, t, before })]);
      for (const id of operation.inputs) {
        const isWeight = program.tensors[id]?.role === "weight";
        if (isWeight) inputs.set(id, await weightBytes(program, weights, id));
      }
      const closure = gatherTiles(program, record, tile, (id) => inputs.get(id)!);
      const given = closure.map(({ slot, tiles: indices, bytes }) => ({
        ...{ slot, indices, tiles: bytes },
      }));
      const expected = executeTile(program, record, tile, given);
      if (found === undefined || !equalBytes(found, expected)) {
        const facts = { backend: "in use", step: t, tensor: target.name };
        throw new R3mesError({ code: "DEVICE_NOT_EXACT", ...facts });
      }
      return { step: t, operation: operation.name, tile };
    },
  };
}
