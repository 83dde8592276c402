/** A factor of an adapter: the state that a step overwrites, and the working copy that its products read. */
import type { TensorId } from "@r3mes/engine";
import { type BuildContext, type FactorContext, one } from "./buildContext.ts";
import { CHUNK } from "./chunks.ts";

/** Bits of a working copy. */
export const FACTOR_BITS = 12;

/** The tensors of a factor that a step overwrites: the factor and its optimizer's moments. */
export interface FactorState {
  readonly weight: TensorId;
  readonly m: TensorId | undefined;
  readonly v: TensorId | undefined;
}

/** The 12-bit working copy of a factor: i16 with one magnitude. */
export interface FactorCopy {
  readonly magnitude: TensorId;
  readonly copy: TensorId;
}

/** A factor's state and its working copy. */
export interface Factor extends FactorState, FactorCopy {}

export type OptimizerName = "adam" | "lion";

/** Declares a factor [rank, columns] with its optimizer's state. */
export function declareFactor(
  c: FactorContext,
  name: string,
  columns: number,
  optimizer: OptimizerName | null,
): FactorState {
  const { rank } = c.adapter!;
  const tile = { rows: Math.min(rank, 16), columns: Math.min(columns, 32) };
  const declare = (part: string, dtype: "i32" | "i64") =>
    c.builder.declare({ name: `${name}${part}`, dtype, rows: rank, columns, tile, role: "state" });
  const weight = declare("", "i32");
  const m = optimizer === null ? undefined : declare(".m", "i32");
  const v = optimizer === "adam" ? declare(".v", "i64") : undefined;
  return { weight, m, v };
}

/** The working copies of a factor of each sequence, [sequences * rank, columns], as state. */
export function declareCopy(c: BuildContext, name: string, columns: number): FactorCopy {
  const { rank } = c.adapter!;
  const declare = (part: string, rows: number, width: number) =>
    c.builder.declare({
      name: `${name}.${part}`,
      dtype: "i16",
      rows,
      columns: width,
      tile: { rows: Math.min(rows, 16), columns: Math.min(width, 32) },
      role: "state",
    });
  const copy = declare("copy", c.sequences * rank, columns);
  return { copy, magnitude: declare("magnitude", c.sequences, 1) };
}

/** Adds the working copy of a factor. */
export function addFactor(c: FactorContext, state: FactorState): Factor {
  const { name, columns, tile } = c.builder.tensor(state.weight);
  const [part] = c.builder.add(
    "magnitude",
    `${name}.magnitude.part`,
    { x: state.weight },
    { chunkRows: tile.rows, chunkColumns: Math.min(columns, CHUNK.factorColumns), exponent: 24 },
    { tileRows: 1, tileColumns: 1 },
  );
  const { rows, columns: chunkColumns } = c.builder.tensor(part!);
  const magnitude = one(
    c,
    "reduce.max",
    `${name}.magnitude`,
    { x: part },
    { chunkRows: rows, chunkColumns },
  );
  const copy = c.builder.add(
    "quantise",
    `${name}.copy`,
    { x: state.weight, m: magnitude },
    { bits: FACTOR_BITS, exponent: 24 },
    { tileRows: tile.rows },
  )[0]!;
  return { ...state, magnitude, copy };
}
