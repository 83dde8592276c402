/**
 * Steps: how a program's operations are grouped before memory is planned. In a traced run every step
 * is one operation; in a plain run some steps stand for a tree of operations whose inner results
 * nobody else reads. A step owns no rounding of its own: it is faster, never different.
 */
import { KINDS } from "../../ops/kinds.ts";
import type { Program } from "../../program/program.ts";

export interface Step {
  /** Positions of the operations that it stands for, ascending. */
  readonly operations: readonly number[];
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
  return program.operations.map((_, position) => singleStep(program, position));
}

export function singleStep(program: Program, position: number): Step {
  const operation = program.operations[position]!;
  const kind = KINDS.get(operation.kind)!;
  const names = [...kind.inputs, ...kind.optional];
  const inputs = new Map<string, number>();
  names.forEach((name, slot) => {
    const id = operation.inputs[slot] ?? -1;
    if (id >= 0) inputs.set(name, id);
  });
  const { name, params, outputs } = operation;
  return {
    operations: [position],
    ...{ kind: operation.kind, name, params, inputs, outputs, temporaries: [] },
  };
}

/** Replaces the operations of each tree by its step, at the place of the last one. */
export function fusedSteps(program: Program, trees: readonly Step[]): Step[] {
  const replaced = new Set<number>();
  const placed = new Map<number, Step>();
  for (const tree of trees) {
    if (!isClosed(program, tree)) continue;
    for (const position of tree.operations) replaced.add(position);
    placed.set(tree.operations.at(-1)!, tree);
  }
  return program.operations.flatMap((_, position) => {
    const step = placed.get(position);
    if (step !== undefined) return [step];
    return replaced.has(position) ? [] : [singleStep(program, position)];
  });
}

/**
 * True if a tree may run as one step: what it hides is read inside it alone and is no result of the
 * program, what it gives is read outside only after its last operation, and its step reads all that
 * its operations read from outside, so that each of them can still be run behind it.
 */
function isClosed(program: Program, { operations, inputs, outputs }: Step): boolean {
  const last = operations.at(-1)!;
  const inside = new Set(operations);
  const given = new Set(outputs);
  const readOutside = new Set<number>();
  for (const [position, operation] of program.operations.entries()) {
    if (inside.has(position)) continue;
    for (const id of operation.inputs) {
      if (given.has(id) && position < last) return false;
      readOutside.add(id);
    }
  }
  const readInside = new Set(operations.flatMap((at) => program.operations[at]!.inputs));
  const written = operations.flatMap((at) => program.operations[at]!.outputs);
  const known = new Set([...written, ...inputs.values(), -1]);
  return (
    [...readInside].every((id) => known.has(id)) &&
    written.every((id) => given.has(id) || (!readOutside.has(id) && readInside.has(id)))
  );
}

/**
 * The steps of those operations that have to run behind a tree's step so that some of its operations
 * show their outputs: these, and what they read of it that the step itself does not give.
 */
export function stepsBehind(program: Program, tree: Step, shown: ReadonlySet<number>): Step[] {
  const given = new Set(tree.outputs);
  const wanted = new Set<number>();
  const steps: Step[] = [];
  for (const position of tree.operations.toReversed()) {
    const { inputs, outputs } = program.operations[position]!;
    const isWanted = outputs.some((id) => wanted.has(id)) || shown.has(position);
    if (!isWanted || outputs.every((id) => given.has(id))) continue;
    for (const id of inputs) if (!given.has(id)) wanted.add(id);
    steps.push(singleStep(program, position));
  }
  return steps.reverse();
}
