/**
 * Decides whether a program may run: every operation known, every shape fits, every tensor is written once and before it
 * is read, and every bound holds for these dimensions. A program that fails is refused with the fact that failed.
 */
import { R3mesError } from "@r3mes/protocol";
import { type Bound, shapesOf } from "../ops/kind.ts";
import { KINDS } from "../ops/kinds.ts";
import type { Operation, Program, Tensor } from "./program.ts";

export interface CheckedBound extends Bound {
  readonly operation: string;
}

/** The bounds of all operations, all of them held. Throws PROGRAM_... otherwise. */
export function checkProgram(program: Program): readonly CheckedBound[] {
  program.tensors.forEach((tensor) => {
    checkTensor(program, tensor);
  });
  const written = new Set<number>();
  const bounds = program.operations.flatMap((operation) => {
    const checked = checkOperation(program, operation, written);
    for (const id of operation.outputs) {
      const tensor = program.tensors[id]!;
      const writable = tensor.role === "intermediate" || tensor.role === "state";
      if (!writable || written.has(id)) refuse(operation, `may not write ${tensor.name}`);
      written.add(id);
    }
    return checked;
  });
  program.tensors.forEach((tensor, id) => {
    if (tensor.role === "intermediate" && !written.has(id)) {
      throw new R3mesError({
        code: "PROGRAM_INVALID",
        tensor: tensor.name,
        rule: "is never written",
      });
    }
  });
  return bounds;
}

function refuse(operation: Operation, rule: string): never {
  throw new R3mesError({ code: "PROGRAM_INVALID", operation: operation.name, rule });
}

function checkTensor(program: Program, tensor: Tensor): void {
  const sizes = [tensor.rows, tensor.columns, tensor.tile.rows, tensor.tile.columns];
  const valid =
    sizes.every((size) => Number.isInteger(size) && size >= 1) &&
    tensor.rows < 2 ** 31 &&
    tensor.columns < 2 ** 31 &&
    tensor.tile.rows <= 65535 &&
    tensor.tile.columns <= 65535;
  if (!valid) {
    throw new R3mesError({
      code: "PROGRAM_INVALID",
      tensor: tensor.name,
      rule: "sizes are positive",
    });
  }
  if (tensor.dtype === "t2") {
    if (sizes.some((size) => size % 16 !== 0)) {
      throw new R3mesError({
        code: "PROGRAM_SHAPE_INVALID",
        tensor: tensor.name,
        rule: "a ternary tensor and its tile are multiples of 16",
      });
    }
  }
  if (tensor.transposeOf === undefined) return;
  const source = program.tensors[tensor.transposeOf];
  const fits =
    tensor.role === "weight" &&
    source?.role === "weight" &&
    source.transposeOf === undefined &&
    source.dtype === tensor.dtype &&
    source.rows === tensor.columns &&
    source.columns === tensor.rows;
  if (!fits) {
    throw new R3mesError({
      code: "PROGRAM_INVALID",
      tensor: tensor.name,
      rule: "is the transpose of a weight",
    });
  }
}

function checkOperation(
  program: Program,
  operation: Operation,
  written: ReadonlySet<number>,
): CheckedBound[] {
  const kind = KINDS.get(operation.kind);
  if (kind === undefined) {
    throw new R3mesError({
      code: "PROGRAM_OPERATION_UNKNOWN",
      operation: operation.name,
      kind: operation.kind,
    });
  }
  const slots = kind.inputs.length + kind.optional.length;
  if (operation.inputs.length !== slots) refuse(operation, `has ${slots} input slots`);
  operation.inputs.forEach((id, slot) => {
    if (id === -1 && slot >= kind.inputs.length) return;
    const tensor = program.tensors[id];
    if (tensor === undefined) refuse(operation, `input ${slot} names a tensor`);
    if (tensor.role === "intermediate" && !written.has(id))
      refuse(operation, `reads ${tensor.name} early`);
    if (tensor.role === "state" && written.has(id))
      refuse(operation, `reads ${tensor.name} after its update`);
  });
  for (const name of kind.params) {
    if (!Number.isInteger(operation.params[name]))
      refuse(operation, `has the integer parameter ${name}`);
  }
  checkOutputs(program, operation);
  const shapes = shapesOf(program, operation, kind);
  return kind.bounds(shapes).map((bound) => {
    if (bound.max > bound.limit) {
      throw new R3mesError({
        code: "PROGRAM_BOUND_EXCEEDED",
        operation: operation.name,
        intermediate: bound.what,
        bound: bound.max,
        limit: bound.limit,
      });
    }
    return { ...bound, operation: operation.name };
  });
}

function checkOutputs(program: Program, operation: Operation): void {
  const kind = KINDS.get(operation.kind)!;
  const expected = kind.shape(shapesOf(program, operation, kind));
  if (operation.outputs.length !== expected.length)
    refuse(operation, `has ${expected.length} outputs`);
  expected.forEach((shape, i) => {
    const tensor = program.tensors[operation.outputs[i]!];
    if (tensor === undefined) refuse(operation, `output ${i} names a tensor`);
    const fits =
      tensor.rows === shape.rows &&
      tensor.columns === shape.columns &&
      tensor.dtype === shape.dtype;
    if (!fits) {
      throw new R3mesError({
        code: "PROGRAM_SHAPE_INVALID",
        operation: operation.name,
        rule: `${tensor.name} is ${shape.dtype} [${shape.rows}, ${shape.columns}]`,
      });
    }
  });
}
