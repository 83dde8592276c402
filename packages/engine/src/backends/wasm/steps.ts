/**
 * Steps: how a program's operations are grouped before memory is planned. In a traced run every step
 * is one operation; in a plain run some steps stand for a tree of operations whose inner results
 * nobody else reads. A step owns no rounding of its own: it is faster, never different.
 */
import { KINDS } from "../../ops/kinds.ts";
import type { Operation, Program } from "../../program/program.ts";

export interface Step {
  /** Name of the lowering: the kind of an operation, or of a fused tree. */
  readonly kind: string;
  /** Name of the operation at whose place the step runs, for messages. */
  readonly name: string;
  readonly params: Readonly<Record<string, number>>;
  /** Tensors by the names that the lowering uses; absent optional inputs are missing. */
  readonly inputs: ReadonlyMap<string, number>;
  readonly outputs: readonly number[];
  /** Bytes of working memory that lives for this step alone. */
  readonly temporaries: readonly number[];
}

/** One step for each operation. */
export function singleSteps(program: Program): Step[] {
  return program.operations.map(singleStep);
}

export function singleStep(operation: Operation): Step {
  const kind = KINDS.get(operation.kind)!;
  const names = [...kind.inputs, ...kind.optional];
  const inputs = new Map<string, number>();
  names.forEach((name, slot) => {
    const id = operation.inputs[slot] ?? -1;
    if (id >= 0) inputs.set(name, id);
  });
  const { name, params, outputs } = operation;
  return { kind: operation.kind, name, params, inputs, outputs, temporaries: [] };
}

/** A tree of operations that one step replaces. */
export interface Tree {
  /** Positions of its operations. */
  readonly operations: ReadonlySet<number>;
  readonly step: Step;
}

/** Replaces each tree by its step, at the place of the tree's last operation. */
export function fusedSteps(program: Program, trees: readonly Tree[]): Step[] {
  const replaced = new Set<number>();
  const placed = new Map<number, Step>();
  for (const tree of trees) {
    if (!isClosed(program, tree)) continue;
    for (const position of tree.operations) replaced.add(position);
    placed.set(Math.max(...tree.operations), tree.step);
  }
  return program.operations.flatMap((operation, position) => {
    const step = placed.get(position);
    if (step !== undefined) return [step];
    return replaced.has(position) ? [] : [singleStep(operation)];
  });
}

/**
 * True if a tree may run as one step: what it hides is read inside it alone and is no result of the
 * program, and what it gives is read outside only after its last operation.
 */
function isClosed(program: Program, { operations, step }: Tree): boolean {
  const last = Math.max(...operations);
  const given = new Set(step.outputs);
  const readOutside = new Set<number>();
  for (const [position, operation] of program.operations.entries()) {
    if (operations.has(position)) continue;
    for (const id of operation.inputs) {
      if (given.has(id) && position < last) return false;
      readOutside.add(id);
    }
  }
  const readInside = new Set([...operations].flatMap((at) => program.operations[at]!.inputs));
  return [...operations].every((position) =>
    program.operations[position]!.outputs.every(
      (id) => given.has(id) || (!readOutside.has(id) && readInside.has(id)),
    ),
  );
}
