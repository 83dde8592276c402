/**
 * What an operation is. A kind is one description that serves five readers: the checker (shape rule and bounds), the
 * reference (definition over a whole tensor), the tile executor (the same definition over one tile), the prover (closure:
 * which inputs one tile needs) and the pay of a step (work).
 *
 * A definition fills a region of one output from views of its inputs. It must read nothing that its closure does not
 * name; views refuse it, so running tiles tests closures.
 */
import { R3mesError } from "@r3mes/protocol";
import type { Dtype, Operation, Program, Tensor } from "../program/program.ts";

/** A rectangle of a tensor, in elements. */
export interface Region {
  readonly row: number;
  readonly column: number;
  readonly rows: number;
  readonly columns: number;
}

/** Read access to a tensor. `at` is exact below 2^53 and refuses more; `wide` reads an i64 as it is. */
export interface View {
  at(row: number, column: number): number;
  wide(row: number, column: number): bigint;
}

/** A bound of an intermediate: the largest magnitude that any input of the declared format can produce. */
export interface Bound {
  readonly what: string;
  readonly max: number;
  readonly limit: number;
}

export interface OutputShape {
  readonly rows: number;
  readonly columns: number;
  readonly dtype: Dtype;
}

type Named<Required extends string, Optional extends string, T> = Readonly<Record<Required, T>> &
  Readonly<Partial<Record<Optional, T>>>;

/** An operation with its tensors and parameters looked up by name. */
export interface Shapes<I extends string, O extends string, P extends string> {
  readonly in: Named<I, O, Tensor>;
  readonly out: readonly Tensor[];
  readonly params: Readonly<Record<P, number>>;
}

export interface Execution<I extends string, O extends string, P extends string>
  extends Shapes<I, O, P> {
  readonly view: Named<I, O, View>;
  readonly region: Region;
  set(row: number, column: number, value: number | bigint): void;
}

/**
 * Asked for the closure of a region of one output. Where an index is data (the embedding of a token, the score of a
 * target), `peek` gives a view of those regions of an input; they are part of the closure too and come before.
 */
export interface Opening<I extends string, O extends string, P extends string>
  extends Shapes<I, O, P> {
  readonly output: number;
  readonly region: Region;
  readonly peek: (input: I | O, regions: readonly Region[]) => View;
}

/** Inputs by name with their regions, in the order in which they are opened: a gather names its indices first. */
export type Closure = readonly (readonly [string, readonly Region[]])[];

export interface Kind<
  I extends string = string,
  O extends string = string,
  P extends string = string,
> {
  readonly name: string;
  readonly inputs: readonly I[];
  readonly optional: readonly O[];
  readonly outputs: readonly string[];
  readonly params: readonly P[];
  /** Outputs that follow from inputs and parameters; throws by `require` if the inputs do not fit each other. */
  shape(s: Shapes<I, O, P>): readonly OutputShape[];
  bounds(s: Shapes<I, O, P>): readonly Bound[];
  /** Paid multiply-adds of the whole operation: the product's dimensions x int8 limbs of its operands. */
  work(s: Shapes<I, O, P>): number;
  /** Multiply-adds that a referee executes for a region of output 0, recomputation included; none if absent. */
  cost?(s: Shapes<I, O, P> & { readonly region: Region }): number;
  closure(s: Opening<I, O, P>): Closure;
  /** One definition for each output. */
  readonly define: readonly ((x: Execution<I, O, P>) => void)[];
}

/** Declares a kind; the generic parameters are read off the lists. */
export function defineKind<const I extends string, const O extends string, const P extends string>(
  kind: Kind<I, O, P>,
): Kind {
  return kind as unknown as Kind;
}

/** Raised by a shape rule. `checkProgram` adds the operation's name. */
export function requireShape(condition: boolean, rule: string): void {
  if (!condition) throw new R3mesError({ code: "PROGRAM_SHAPE_INVALID", rule });
}

/** Looks up the tensors of an operation by the names of its kind. */
export function shapesOf(
  program: Program,
  operation: Operation,
  kind: Kind,
): Shapes<string, string, string> {
  const names = [...kind.inputs, ...kind.optional];
  const named: Record<string, Tensor> = {};
  names.forEach((name, slot) => {
    const id = operation.inputs[slot] ?? -1;
    if (id >= 0) named[name] = program.tensors[id]!;
  });
  return {
    in: named,
    out: operation.outputs.map((id) => program.tensors[id]!),
    params: operation.params,
  };
}

export const I32_MAX = 0x7fffffff;
/** Wide sums are carried in numbers, exact to 2^53, or in i64; the smaller limit is the rule. */
export const WIDE_MAX = 2 ** 53;
/** The loosest bound of i32 tensors in a program: every epilogue ends in SAT30. */
export const SAT30_MAX = 2 ** 30;
