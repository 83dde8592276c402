/**
 * Where every tensor of a program lies: weights, state, inputs and constants for good, intermediates
 * while an operation still reads them. Nothing is allocated once the plan exists.
 */
import { assert } from "@r3mes/protocol";
import type { Program, Role, Tensor } from "../../program/program.ts";
import { tensorBytes } from "../../tensor/storage.ts";
import type { Member } from "../backend.ts";
import { keepsToRows } from "./joinRows.ts";
import type { Step } from "./steps.ts";

/** Kernels read whole vectors, the widest of them of 64 bytes: past the end of a tensor too, where they use nothing of it. */
const SLACK_BYTES = 64;
const ALIGNMENT = 64;

export interface MemoryPlan {
  /** Address of each tensor; a weight that is the transpose of another shares its address. */
  readonly addresses: readonly number[];
  /** Addresses of the temporaries of each step. */
  readonly temporaries: readonly (readonly number[])[];
  /** End of the last tensor. */
  readonly end: number;
}

export interface FixedPlan {
  /** Addresses of what stays: weights, state, inputs, constants and results. */
  readonly addresses: readonly number[];
  readonly end: number;
}

export interface FixedOptions {
  /** First free address. */
  readonly start: number;
  /** Tensors of a program that are kept in both orders because an operation has no code for the transpose. */
  readonly copiesOf: (program: Program) => ReadonlySet<number>;
}

/**
 * Places everything that outlives a run. Weights of one name are one tensor, as is state of one name and one owner. The rest is each
 * program's own: inputs, constants, and results, which are the intermediates that no operation reads.
 */
export function planFixed(
  members: readonly Member[],
  { start, copiesOf }: FixedOptions,
): FixedPlan[] {
  const largest = new Map<string, Tensor>();
  const places = members.map(({ program, state }, number) => {
    const copies = copiesOf(program);
    const read = new Set(program.operations.flatMap(({ inputs }) => inputs));
    return program.tensors.map((tensor, id) => {
      if (tensor.role === "intermediate" && read.has(id)) return null;
      if (tensor.transposeOf !== undefined && !copies.has(id)) return null;
      const { role, name } = tensor;
      const place = JSON.stringify([role, ownerOf(role, { state, number }), name]);
      largest.set(place, largerOf(largest.get(place) ?? tensor, tensor));
      return place;
    });
  });
  const known = new Map<string, number>();
  let end = align(start);
  for (const [place, tensor] of largest) {
    known.set(place, end);
    end += sizeOf(tensor);
  }
  return members.map(({ program }, member) => {
    const addresses: number[] = [];
    places[member]!.forEach((place, id) => {
      if (place !== null) addresses[id] = known.get(place)!;
    });
    program.tensors.forEach(({ transposeOf }, id) => {
      if (transposeOf !== undefined) addresses[id] ??= addresses[transposeOf]!;
    });
    return { addresses, end };
  });
}

/** Nobody's, of whoever names this state, or a program's own. */
function ownerOf(
  role: Role,
  member: { readonly state: string; readonly number: number },
): string | number | null {
  if (role === "weight") return null;
  return role === "state" ? member.state : member.number;
}

function largerOf(one: Tensor, other: Tensor): Tensor {
  const isAlike = one.dtype === other.dtype && one.columns === other.columns;
  const fits = isAlike && (one.role === "state" || one.rows === other.rows);
  assert(fits, `${one.name} has one shape in all programs that share it`);
  return other.rows > one.rows ? other : one;
}

/** Places the intermediates of a run of steps behind what is fixed. */
export function planMemory(program: Program, steps: readonly Step[], fixed: FixedPlan): MemoryPlan {
  const addresses = [...fixed.addresses];
  const lives = lifetimes(program, steps);
  const space = createSpace(align(fixed.end));
  const leaving = new Map<number, number[]>();
  for (const [id, [, last]] of lives) {
    const end = program.tensors[id]!.columns <= NARROW_COLUMNS ? endOfRows(steps, last) : last;
    leaving.set(end, [...(leaving.get(end) ?? []), id]);
  }
  const temporaries = steps.map((step, position) => {
    for (const id of step.outputs) {
      if (lives.has(id)) addresses[id] = space.take(sizeOf(program.tensors[id]!));
    }
    const sizes = step.temporaries.map((bytes) => align(bytes + SLACK_BYTES));
    const own = sizes.map((size) => space.take(size));
    own.forEach((at, i) => {
      space.give(at, sizes[i]!);
    });
    for (const id of leaving.get(position) ?? []) {
      space.give(addresses[id]!, sizeOf(program.tensors[id]!));
    }
    return own;
  });
  return { addresses, temporaries, end: space.end() };
}

/**
 * Tensors as narrow as statistics of rows stay to the end of the steps that keep to rows, which may then pass together (`joinRows`): in
 * the place of one of them the next would lie at other rows. Wide ones have the same rows where one takes another's place.
 */
const NARROW_COLUMNS = 32;

/** The last of the steps that keep to their rows from this one on. */
function endOfRows(steps: readonly Step[], position: number): number {
  let end = position;
  while ([end, end + 1].every((at) => at < steps.length && keepsToRows(steps[at]!.kind))) end += 1;
  return end;
}

const align = (at: number): number => Math.ceil(at / ALIGNMENT) * ALIGNMENT;
const sizeOf = (tensor: Tensor): number => align(tensorBytes(tensor) + SLACK_BYTES);

/** First and last step of each intermediate that a step writes and some operation reads. */
function lifetimes(
  program: Program,
  steps: readonly Step[],
): ReadonlyMap<number, readonly [number, number]> {
  const read = new Set(program.operations.flatMap(({ inputs }) => inputs));
  const lives = new Map<number, readonly [number, number]>();
  steps.forEach((step, position) => {
    for (const id of step.inputs.values()) {
      const life = lives.get(id);
      if (life !== undefined) lives.set(id, [life[0], position]);
    }
    for (const id of step.outputs) {
      const isKept = program.tensors[id]!.role !== "intermediate" || !read.has(id);
      if (!isKept) lives.set(id, [position, position]);
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
