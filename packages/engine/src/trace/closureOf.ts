/** Which tiles of which inputs one output tile needs: the kind's closure, in tiles. */
import { type Opening, type Region, shapesOf, type View } from "../ops/kind.ts";
import { KINDS } from "../ops/kinds.ts";
import type { Program } from "../program/program.ts";
import type { ProgramRecord } from "../program/records.ts";
import { tileRegion, tilesOf } from "../tensor/tiles.ts";

export interface ClosureInput {
  readonly slot: number;
  readonly tensor: number;
  /** Ascending tile indices. */
  readonly tiles: readonly number[];
}

/** Gives a view of an input whose tiles are listed, for closures that depend on data. */
export type Peek = (input: ClosureInput) => View;

/** The inputs of tile `tile` of a record's tensor, in slot order of first need. */
export function closureOf(
  program: Program,
  record: ProgramRecord,
  tile: number,
  peek: Peek,
): readonly ClosureInput[] {
  const { operation, output } = record;
  const kind = KINDS.get(operation.kind)!;
  const slots = [...kind.inputs, ...kind.optional];
  const toInput = (name: string, regions: readonly Region[]): ClosureInput => {
    const slot = slots.indexOf(name);
    const tensor = operation.inputs[slot]!;
    const spec = program.tensors[tensor]!;
    const tiles = new Set(regions.flatMap((region) => tilesOf(spec, region)));
    return { slot, tensor, tiles: [...tiles].sort((a, b) => a - b) };
  };
  const opening: Opening<string, string, string> = {
    ...shapesOf(program, operation, kind),
    output,
    region: tileRegion(program.tensors[record.tensor]!, tile),
    peek: (name, regions) => peek(toInput(name, regions)),
  };
  return kind
    .closure(opening)
    .map(([name, regions]) => toInput(name, regions))
    .filter((input) => input.tiles.length > 0);
}
