/** One case of the operation suite: a small program and inputs that are chosen to hurt, made of fills. */
import { noise } from "@r3mes/protocol";
import {
  createProgramBuilder,
  type Inputs,
  type Params,
  type ProgramBuilder,
  type TensorId,
} from "../../program/createProgramBuilder.ts";
import type { Dtype, Program, Role } from "../../program/program.ts";
import { packBlock } from "../../tensor/storage.ts";

/** Value of an element of an input. */
export type Fill = (row: number, column: number) => number;

export interface OperationCase {
  readonly name: string;
  readonly program: Program;
  /** Storage bytes of every weight, state, input and constant. */
  readonly inputs: ReadonlyMap<string, Uint8Array>;
}

export const all =
  (value: number): Fill =>
  () =>
    value;

export const alternate =
  (a: number, b: number): Fill =>
  (row, column) =>
    (row + column) % 2 === 0 ? a : b;

/** Signed noise of so many bits, from a seed. */
export const random =
  (bits: number, seed: number): Fill =>
  (row, column) =>
    (noise(seed, 0, 0, row, column) >>> (32 - bits)) - 2 ** (bits - 1);

/** Noise without the value that rows of mantissas never hold. */
export const codes = (seed: number, bits = 8): Fill => {
  const fill = random(bits, seed);
  return (row, column) => Math.max(1 - 2 ** (bits - 1), fill(row, column));
};

export const ternary =
  (seed: number): Fill =>
  (row, column) =>
    (noise(seed, 0, 0, row, column) % 3) - 1;

/** A fill for each row in turn. */
export const rows =
  (...fills: readonly Fill[]): Fill =>
  (row, column) =>
    fills[row % fills.length]!(row, column);

/** Rows that differ in magnitude from one unit to saturation, with a zero row among them. */
export const uneven = (seed: number): Fill =>
  rows(
    random(20, seed),
    all(0),
    random(2, seed + 1),
    alternate(2 ** 30, -(2 ** 30)),
    random(30, seed + 2),
    all(-1),
  );

export interface Case {
  readonly builder: ProgramBuilder;
  readonly inputs: Map<string, Uint8Array>;
  input(
    name: string,
    dtype: Dtype,
    rows: number,
    columns: number,
    fill: Fill,
    role?: Role,
  ): TensorId;
  one(kind: string, name: string, inputs: Inputs, params?: Params): TensorId;
}

/** A case that is built when something of it is asked for: whoever runs a few pays for no others. */
export function operationCase(name: string, describe: (c: Case) => void): OperationCase {
  let built: OperationCase | undefined;
  const whole = () => {
    built ??= buildCase(name, describe);
    return built;
  };
  return {
    name,
    get program() {
      return whole().program;
    },
    get inputs() {
      return whole().inputs;
    },
  };
}

function buildCase(name: string, describe: (c: Case) => void): OperationCase {
  const builder = createProgramBuilder();
  const inputs = new Map<string, Uint8Array>();
  describe({
    builder,
    inputs,
    input(tensor, dtype, count, columns, fill, role = "input") {
      inputs.set(tensor, packBlock(dtype, count, columns, fill));
      const tile =
        dtype === "t2" ? { rows: 32, columns: 64 } : { rows: 8, columns: Math.min(32, columns) };
      return builder.declare({ name: tensor, dtype, rows: count, columns, tile, role });
    },
    one: (kind, tensor, slots, params) => builder.add(kind, tensor, slots, params)[0]!,
  });
  return { name, program: builder.build(name), inputs };
}
