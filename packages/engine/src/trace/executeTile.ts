/**
 * Computes one tile of one record from the tiles of its closure alone. It is the same definition that the reference runs
 * over whole tensors; a read outside the given tiles is refused.
 */
import { R3mesError } from "@r3mes/protocol";
import { divFloor } from "../arithmetic/integer.ts";
import { shapesOf, type View } from "../ops/kind.ts";
import { KINDS } from "../ops/kinds.ts";
import type { Program, Tensor } from "../program/program.ts";
import type { ProgramRecord } from "../program/records.ts";
import { blockBytes, packBlock, unpackBlock } from "../tensor/storage.ts";
import { gridOf, tileRegion } from "../tensor/tiles.ts";
import { closureOf } from "./closureOf.ts";

/** Tiles of one input: their indices, ascending, and their bytes. */
export interface InputTiles {
  readonly slot: number;
  readonly indices: readonly number[];
  readonly tiles: readonly Uint8Array[];
}

/** Storage bytes of the output tile. Throws TILE_INPUT_INVALID unless exactly the closure's tiles are given. */
export function executeTile(
  program: Program,
  record: ProgramRecord,
  tile: number,
  inputs: readonly InputTiles[],
): Uint8Array {
  const { operation, output } = record;
  const kind = KINDS.get(operation.kind)!;
  const slots = [...kind.inputs, ...kind.optional];
  const bySlot = new Map(inputs.map((input) => [input.slot, input]));
  const views = new Map<number, View>();
  for (const input of inputs) {
    views.set(input.slot, viewOfTiles(program.tensors[operation.inputs[input.slot] ?? -1], input));
  }
  const needed = closureOf(
    program,
    record,
    tile,
    ({ slot }) => views.get(slot) ?? refuse(record, slot),
  );
  if (needed.length !== inputs.length) refuse(record, inputs.length);
  for (const { slot, tiles } of needed) {
    const given = bySlot.get(slot)?.indices ?? [];
    const isExact = given.length === tiles.length && given.every((index, i) => index === tiles[i]);
    if (!isExact) refuse(record, slot);
  }
  const tensor = program.tensors[record.tensor]!;
  const region = tileRegion(tensor, tile);
  const values = new Map<number, number | bigint>();
  const { columns } = tensor.tile;
  kind.define[output]!({
    ...shapesOf(program, operation, kind),
    view: Object.fromEntries([...views].map(([slot, view]) => [slots[slot]!, view])),
    region,
    set: (row, column, value) => {
      values.set((row - region.row) * columns + (column - region.column), value);
    },
  });
  return packBlock(
    tensor.dtype,
    tensor.tile.rows,
    columns,
    (row, column) => values.get(row * columns + column) ?? 0,
  );
}

function refuse(record: ProgramRecord, slot: number): never {
  throw new R3mesError({ code: "TILE_INPUT_INVALID", operation: record.operation.name, slot });
}

/** A view of a tensor of which only some tiles are at hand. */
function viewOfTiles(tensor: Tensor | undefined, { indices, tiles }: InputTiles): View {
  if (tensor === undefined) throw new R3mesError({ code: "TILE_INPUT_INVALID" });
  const { rows, columns } = tensor.tile;
  const { columnBits } = gridOf(tensor);
  const width = 2 ** columnBits;
  const blocks = new Map(
    indices.map((index, i) => {
      const bytes = tiles[i] ?? new Uint8Array(0);
      if (bytes.length !== blockBytes(tensor.dtype, rows, columns)) {
        throw new R3mesError({ code: "TILE_INPUT_INVALID", tensor: tensor.name, tile: index });
      }
      return [index, unpackBlock(tensor.dtype, rows, columns, bytes)];
    }),
  );
  const element = (row: number, column: number): number | bigint => {
    const index = divFloor(row, rows) * width + divFloor(column, columns);
    const block = blocks.get(index);
    if (block === undefined) {
      throw new RangeError(`${tensor.name}: (${row}, ${column}) is not in the closure`);
    }
    return block[(row % rows) * columns + (column % columns)]!;
  };
  return {
    at: (row, column) => Number(element(row, column)),
    wide: (row, column) => BigInt(element(row, column)),
  };
}
