/**
 * Where every tensor of a program lies: weights, state, inputs and constants for good, intermediates
 * while an operation still reads them. Nothing is allocated once the plan exists.
 */
import type { Program, Tensor } from "../../program/program.ts";
import { tensorBytes } from "../../tensor/storage.ts";

/** Kernels read up to 31 bytes past a tensor, in whole vectors, and use none of them. */
const SLACK_BYTES = 64;
const ALIGNMENT = 64;

export interface MemoryPlan {
  /** Address of each tensor; a weight that is the transpose of another shares its address. */
  readonly addresses: readonly number[];
  /** End of the last tensor. */
  readonly end: number;
}

export interface MemoryOptions {
  /** First free address. */
  readonly start: number;
  /** Tensors that are kept in both orders because an operation has no code for the transpose. */
  readonly copies: ReadonlySet<number>;
}

export function planMemory(program: Program, options: MemoryOptions): MemoryPlan {
  const addresses: number[] = [];
  let end = align(options.start);
  const lives = lifetimes(program);
  program.tensors.forEach((tensor, id) => {
    if (tensor.role === "intermediate" && lives.has(id)) return;
    if (tensor.transposeOf !== undefined && !options.copies.has(id)) return;
    addresses[id] = end;
    end = align(end + tensorBytes(tensor) + SLACK_BYTES);
  });
  const space = createSpace(end);
  const leaving = new Map<number, number[]>();
  for (const [id, [, last]] of lives) leaving.set(last, [...(leaving.get(last) ?? []), id]);
  program.operations.forEach((operation, position) => {
    for (const id of operation.outputs) {
      if (!lives.has(id)) continue;
      addresses[id] = space.take(sizeOf(program.tensors[id]!));
    }
    for (const id of leaving.get(position) ?? []) {
      space.give(addresses[id]!, sizeOf(program.tensors[id]!));
    }
  });
  program.tensors.forEach(({ transposeOf }, id) => {
    if (transposeOf !== undefined) addresses[id] ??= addresses[transposeOf]!;
  });
  return { addresses, end: space.end() };
}

const align = (at: number): number => Math.ceil(at / ALIGNMENT) * ALIGNMENT;
const sizeOf = (tensor: Tensor): number => align(tensorBytes(tensor) + SLACK_BYTES);

/** First and last operation of each intermediate that something reads; the others are results. */
function lifetimes(program: Program): ReadonlyMap<number, readonly [number, number]> {
  const written = new Map<number, number>();
  const lives = new Map<number, readonly [number, number]>();
  program.operations.forEach((operation, position) => {
    for (const id of operation.inputs) {
      const first = written.get(id);
      if (first !== undefined) lives.set(id, [first, position]);
    }
    for (const id of operation.outputs) {
      if (program.tensors[id]!.role === "intermediate") written.set(id, position);
    }
  });
  return lives;
}

interface Hole {
  at: number;
  size: number;
}

/** Free runs of memory, the tightest that fits first, so that long-lived tensors do not scatter. */
function createSpace(start: number) {
  const holes: Hole[] = [];
  let end = start;
  return {
    end: () => end,
    take(size: number): number {
      let best = -1;
      holes.forEach((hole, i) => {
        if (hole.size >= size && (best < 0 || hole.size < holes[best]!.size)) best = i;
      });
      if (best < 0) {
        const at = end;
        end += size;
        return at;
      }
      const hole = holes[best]!;
      const { at } = hole;
      hole.at += size;
      hole.size -= size;
      if (hole.size === 0) holes.splice(best, 1);
      return at;
    },
    give(at: number, size: number): void {
      const after = holes.findIndex((hole) => hole.at > at);
      const index = after < 0 ? holes.length : after;
      holes.splice(index, 0, { at, size });
      const next = holes[index + 1];
      if (next !== undefined && at + size === next.at) {
        holes[index]!.size += next.size;
        holes.splice(index + 1, 1);
      }
      const previous = holes[index - 1];
      if (previous !== undefined && previous.at + previous.size === at) {
        previous.size += holes[index]!.size;
        holes.splice(index, 1);
      }
    },
  };
}
