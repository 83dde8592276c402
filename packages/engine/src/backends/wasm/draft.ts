/**
 * Drafts: one operation as kernel calls before the threads are known, and the context a lowering reads
 * its tensors from. A draft says which bytes each of its parts touches, so that `schedule` can place
 * barriers from facts and not from belief.
 */
import { R3mesError } from "@r3mes/protocol";
import type { Dtype, Tensor } from "../../program/program.ts";
import type { KernelName } from "./kernelNames.ts";

/** A tensor in the machine's memory. */
export interface Slot {
  readonly tensor: Tensor;
  readonly at: number;
  readonly bytes: number;
  /** True if the memory holds the transpose of the tensor, which is a weight kept once. */
  readonly isTransposed: boolean;
}

/** Bytes that a command reads or writes: cut into `units` equal parts, one for each unit, or with 0 the whole. */
export interface Touch {
  readonly at: number;
  readonly bytes: number;
  readonly units: number;
  readonly writes: boolean;
}

export interface Draft {
  readonly kernel: KernelName;
  readonly units: number;
  readonly grain: number;
  readonly args: readonly number[];
  readonly touches: readonly Touch[];
}

export interface LoweringContext {
  readonly params: Readonly<Record<string, number>>;
  readonly threads: number;
  /** Addresses of the tables. */
  readonly exp2: number;
  readonly log2: number;
  /** The tensor of a required input, which must have the given type. */
  input(name: string, dtype?: Dtype): Slot;
  optional(name: string, dtype?: Dtype): Slot | undefined;
  output(index: number): Slot;
  /** Working memory of this step alone. */
  temporary(index: number): { readonly at: number; readonly bytes: number };
  /** Units in which rows of a tensor with `rows` rows are divided: whole sequences where they suffice. */
  grainOf(rows: number): number;
}

export type Lowering = (context: LoweringContext) => readonly Draft[];

/** Element formats as the kernels number them. */
export const DTYPES: Readonly<Record<Exclude<Dtype, "t2">, number>> = {
  i8: 0,
  i16: 1,
  i32: 2,
  i64: 3,
};

export function dtypeNumber(slot: Slot): number {
  const { dtype } = slot.tensor;
  if (dtype === "t2")
    throw new RangeError(`${slot.tensor.name}: a ternary tensor has no element format`);
  return DTYPES[dtype];
}

/** The address of an optional tensor, 0 where it is absent. */
export function addressOf(slot: Slot | undefined): number {
  return slot === undefined ? 0 : slot.at;
}

/** Any run of bytes: a tensor, or a temporary of a step. */
export type Run = Pick<Touch, "at" | "bytes">;

/** Touches every part in the same way: reads of weights, scalars, whole reductions. */
export function readsAll(...slots: readonly (Run | undefined)[]): Touch[] {
  return slots
    .filter((slot) => slot !== undefined)
    .map(({ at, bytes }) => ({ at, bytes, units: 0, writes: false }));
}

/** Each unit reads its own equal run of each tensor. */
export function readsRows(units: number, ...slots: readonly (Run | undefined)[]): Touch[] {
  return slots.filter((slot) => slot !== undefined).map((slot) => rowTouch(slot, units, false));
}

export function writesRows(units: number, ...slots: readonly (Run | undefined)[]): Touch[] {
  return slots.filter((slot) => slot !== undefined).map((slot) => rowTouch(slot, units, true));
}

export function writesAll(...slots: readonly Run[]): Touch[] {
  return slots.map(({ at, bytes }) => ({ at, bytes, units: 0, writes: true }));
}

function rowTouch({ at, bytes }: Run, units: number, writes: boolean): Touch {
  return { at, bytes, units, writes };
}

/** Raised where a program gives a tensor a format that the kernels have no code for. */
export function requireFormat(condition: boolean, operation: string, rule: string): void {
  if (!condition) throw new R3mesError({ code: "PROGRAM_SHAPE_INVALID", operation, rule });
}
