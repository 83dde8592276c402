/**
 * The definition: every operation of a program in order, each by the plain text of its kind over whole tensors. Slow, and
 * right by reading. Nothing here may be faster than it is clear.
 */
import { R3mesError } from "@r3mes/protocol";
import { type Execution, type Kind, shapesOf, type View } from "../ops/kind.ts";
import { KINDS } from "../ops/kinds.ts";
import { whole } from "../ops/regions.ts";
import { checkInput } from "../program/checkInput.ts";
import { checkProgram } from "../program/checkProgram.ts";
import type { Operation, Program, Tensor } from "../program/program.ts";
import { createMatrix, type Matrix } from "../tensor/matrix.ts";
import { fromStorage, toStorage } from "../tensor/storage.ts";
import type { Member, Session, WeightSource } from "./backend.ts";
import { rowsOf } from "./requireBytes.ts";
import { sharedBackend } from "./sharedBackend.ts";

export const reference = sharedBackend("reference", prepareAll);

/** A program with the values of its tensors, by their places in it. */
interface Held {
  readonly program: Program;
  readonly state: string;
  readonly matrices: Map<number, Matrix>;
}

async function prepareAll(members: readonly Member[], weights: WeightSource): Promise<Session[]> {
  const loaded = new Map<string, Matrix>();
  const all: Held[] = [];
  for (const { program, state } of members) {
    checkProgram(program);
    all.push({ program, state, matrices: await loadMatrices(program, weights, loaded) });
  }
  return all.map((held) =>
    createSession(held, (id) => {
      for (const other of all) if (other !== held) copyState(held, id, other);
    }),
  );
}

/** The weights of a program, and its state, which is zero. */
async function loadMatrices(
  { tensors }: Program,
  weights: WeightSource,
  loaded: Map<string, Matrix>,
): Promise<Map<number, Matrix>> {
  const matrices = new Map<number, Matrix>();
  for (const [id, tensor] of tensors.entries()) {
    if (tensor.role !== "weight" || tensor.transposeOf !== undefined) continue;
    const { name } = tensor;
    const matrix = loaded.get(name) ?? fromStorage(tensor, await weights(name));
    loaded.set(name, matrix);
    matrices.set(id, matrix);
  }
  for (const [id, tensor] of tensors.entries()) {
    if (tensor.transposeOf !== undefined) {
      matrices.set(id, transpose(tensor, matrices.get(tensor.transposeOf)!));
    }
    if (tensor.role === "state") matrices.set(id, createMatrix(tensor));
  }
  return matrices;
}

/** What two programs have of one state is the same: the rows that both have. */
function copyState(from: Held, id: number, to: Held): void {
  const tensor = from.program.tensors[id]!;
  const place = to.program.tensors.findIndex(({ name }) => name === tensor.name);
  const target = to.program.tensors[place];
  if (from.state !== to.state || tensor.role !== "state" || target === undefined) return;
  const rows = Math.min(tensor.rows, target.rows);
  copyRows(from.matrices.get(id)!, 0, to.matrices.get(place)!, 0, { ...tensor, rows });
}

/** `onState` is told which tensor has new values. */
function createSession({ program, matrices }: Held, onState: (id: number) => void): Session {
  const ids = new Map(program.tensors.map((tensor, id) => [tensor.name, id]));
  const lastRead = lastReaders(program);

  function find(name: string): number {
    const id = ids.get(name);
    if (id === undefined) throw new R3mesError({ code: "TENSOR_NOT_FOUND", tensor: name });
    return id;
  }

  return {
    program,
    write(name, bytes, rows) {
      const id = find(name);
      const tensor = program.tensors[id]!;
      if (tensor.role === "weight" || tensor.role === "intermediate") {
        throw new R3mesError({ code: "TENSOR_NOT_FOUND", tensor: name, role: tensor.role });
      }
      const part = rowsOf(tensor, rows).tensor;
      const values = fromStorage(part, bytes);
      checkInput(program, name, bytes);
      const matrix = matrices.get(id) ?? createMatrix(tensor);
      copyRows(values, 0, matrix, rows?.first ?? 0, part);
      matrices.set(id, matrix);
      onState(id);
    },
    async run(observe, only) {
      for (const [position, operation] of program.operations.entries()) {
        const outputs = execute(program, operation, matrices);
        outputs.forEach((matrix, i) => {
          const id = operation.outputs[i]!;
          matrices.set(id, matrix);
          onState(id);
          if (only !== undefined && !only.has(position)) return;
          observe?.(position, i, toStorage(program.tensors[id]!, matrix));
        });
        for (const id of lastRead.get(position) ?? []) matrices.delete(id);
      }
    },
    async read(name, rows) {
      const id = find(name);
      const matrix = matrices.get(id);
      if (matrix === undefined) throw new R3mesError({ code: "TENSOR_NOT_FOUND", tensor: name });
      const { tensor } = rowsOf(program.tensors[id]!, rows);
      const part = createMatrix(tensor);
      copyRows(matrix, rows?.first ?? 0, part, 0, tensor);
      return toStorage(tensor, part);
    },
    async close() {
      matrices.clear();
    },
  };
}

/** Copies the rows of `part` from one matrix to another. */
function copyRows(from: Matrix, first: number, to: Matrix, target: number, part: Tensor): void {
  for (let row = 0; row < part.rows; row++) {
    for (let column = 0; column < part.columns; column++) {
      to.set(target + row, column, from.wide(first + row, column));
    }
  }
}

/** Runs one operation over whole tensors. All outputs are computed before any is stored: state is updated in place. */
function execute(
  program: Program,
  operation: Operation,
  matrices: ReadonlyMap<number, Matrix>,
): Matrix[] {
  const kind = KINDS.get(operation.kind)!;
  const shapes = shapesOf(program, operation, kind);
  const view = viewsOf(program, operation, kind, matrices);
  return shapes.out.map((tensor, output) => {
    const matrix = createMatrix(tensor);
    const execution: Execution<string, string, string> = {
      ...shapes,
      view,
      region: whole(tensor),
      set: (row, column, value) => matrix.set(row, column, value),
    };
    kind.define[output]!(execution);
    return matrix;
  });
}

function viewsOf(
  program: Program,
  operation: Operation,
  kind: Kind,
  matrices: ReadonlyMap<number, Matrix>,
): Record<string, View> {
  const views: Record<string, View> = {};
  [...kind.inputs, ...kind.optional].forEach((name, slot) => {
    const id = operation.inputs[slot]!;
    if (id < 0) return;
    const matrix = matrices.get(id);
    if (matrix === undefined) {
      throw new R3mesError({ code: "TENSOR_NOT_FOUND", tensor: program.tensors[id]!.name });
    }
    views[name] = matrix;
  });
  return views;
}

/** Intermediates by the operation that reads them last. Those that nothing reads are results and stay. */
function lastReaders(program: Program): ReadonlyMap<number, readonly number[]> {
  const last = new Map<number, number>();
  program.operations.forEach((operation, position) => {
    for (const id of operation.inputs) {
      if (id >= 0 && program.tensors[id]!.role === "intermediate") last.set(id, position);
    }
  });
  const byPosition = new Map<number, number[]>();
  for (const [id, position] of last)
    byPosition.set(position, [...(byPosition.get(position) ?? []), id]);
  return byPosition;
}

function transpose(tensor: Tensor, source: Matrix): Matrix {
  const matrix = createMatrix(tensor);
  for (let row = 0; row < tensor.rows; row++) {
    for (let column = 0; column < tensor.columns; column++)
      matrix.set(row, column, source.at(column, row));
  }
  return matrix;
}
