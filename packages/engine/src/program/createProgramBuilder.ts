/** Builds a program operation by operation. It derives every output's shape, names it, and cuts it into tiles. */
import { R3mesError } from "@r3mes/protocol";
import type { OutputShape } from "../ops/kind.ts";
import { KINDS } from "../ops/kinds.ts";
import { checkProgram } from "./checkProgram.ts";
import type { Operation, Program, Tensor } from "./program.ts";

/** Position of a tensor in the program being built. */
export type TensorId = number;

export interface ProgramBuilder {
  /** Declares a weight, state, input or constant. */
  declare(tensor: Tensor): TensorId;
  /**
   * Adds an operation and returns its outputs. `into` names tensors that are overwritten in place (state); otherwise
   * each output becomes an intermediate, `name` if there is one, else `name.output`.
   */
  add(
    kind: string,
    name: string,
    inputs: Inputs,
    params?: Params,
    options?: AddOptions,
  ): TensorId[];
  tensor(id: TensorId): Tensor;
  /** The checked program. */
  build(name: string): Program;
}

export type Inputs = Readonly<Record<string, TensorId | undefined>>;
export type Params = Readonly<Record<string, number>>;
export interface AddOptions {
  readonly into?: readonly TensorId[];
  /** Largest tile of the outputs, 8 x 32 unless stated. */
  readonly tileRows?: number;
  readonly tileColumns?: number;
}

/** Rows of tokens in a tile, and the widest run of columns. */
const TILE_ROWS = 8;
const TILE_COLUMNS = 32;

export function createProgramBuilder(): ProgramBuilder {
  const tensors: Tensor[] = [];
  const operations: Operation[] = [];

  function declare(tensor: Tensor): TensorId {
    tensors.push(tensor);
    return tensors.length - 1;
  }

  function output(name: string, shape: OutputShape, options: AddOptions): TensorId {
    const { tileRows = TILE_ROWS, tileColumns = TILE_COLUMNS } = options;
    const tile = {
      rows: Math.min(tileRows, shape.rows),
      columns: Math.min(tileColumns, shape.columns),
    };
    return declare({ name, ...shape, tile, role: "intermediate" });
  }

  function add(
    kindName: string,
    name: string,
    inputs: Inputs,
    params: Params = {},
    options: AddOptions = {},
  ): TensorId[] {
    const kind = KINDS.get(kindName);
    if (kind === undefined) {
      throw new R3mesError({ code: "PROGRAM_OPERATION_UNKNOWN", operation: name, kind: kindName });
    }
    const slots = [...kind.inputs, ...kind.optional];
    const unknown = Object.keys(inputs).find((input) => !slots.includes(input));
    if (unknown !== undefined) throw new RangeError(`${name}: ${kindName} has no input ${unknown}`);
    const named = Object.fromEntries(
      slots.flatMap((slot) => {
        const id = inputs[slot];
        return id === undefined ? [] : [[slot, tensors[id]!]];
      }),
    );
    const shapes = kind.shape({ in: named, out: [], params });
    const outputs =
      options.into ??
      shapes.map((shape, i) =>
        output(shapes.length === 1 ? name : `${name}.${kind.outputs[i]}`, shape, options),
      );
    operations.push({
      name,
      kind: kindName,
      inputs: slots.map((slot) => inputs[slot] ?? -1),
      outputs: [...outputs],
      params: Object.fromEntries(kind.params.map((param) => [param, params[param] ?? 0])),
    });
    return [...outputs];
  }

  function build(name: string): Program {
    const program = { name, tensors, operations };
    checkProgram(program);
    return program;
  }

  return { declare, add, tensor: (id) => tensors[id]!, build };
}
