/**
 * What the chain registers of a program, so that it can judge a dispute without knowing an architecture: how many weights and state
 * tensors there are, and which records write the state. The numbers of a program for training are in one order, from which follows
 * where the value of any tensor is taken from (spec/step-program.md section 9).
 */
import { type Hash, R3mesError, type Sha256 } from "@r3mes/protocol";
import { checkSumTiles } from "../trace/checkSumTiles.ts";
import { checkTiles } from "../trace/tileCosts.ts";
import type { Program, Role } from "./program.ts";
import { programRoot, recordsOf } from "./records.ts";

export interface ProgramFacts extends ProgramOrder {
  readonly root: Hash;
}

/** How the numbers of a program's tensors are divided. */
export interface ProgramOrder {
  readonly records: number;
  /** Weights have the numbers 0 to weights - 1: their places in the backbone. */
  readonly weights: number;
  /** State tensors follow, in the order of the state tree. */
  readonly stateTensors: number;
  /** For each state tensor the record that computes its value after the step. */
  readonly stateWriters: readonly number[];
}

/** Where a disputed tile's input is proven: in the backbone, the state before the step, the dataset, or the agreed trace. */
export type TensorSource =
  | { readonly from: "weight" | "state"; readonly item: number }
  | { readonly from: "batch" | "constants" | "trace" };

const ORDER: readonly Role[] = ["weight", "state", "input", "constant", "intermediate"];

/**
 * What is registered of a program, once it is known to be one that a dispute can be settled about.
 *
 * @throws PROGRAM_INVALID unless its numbers are in the order of a program for training, PROGRAM_TILE_TOO_LARGE if a tile of it
 * or of a sum of its updates cannot be executed alone
 */
export function programFacts(program: Program, hash?: Sha256): ProgramFacts {
  checkTiles(program);
  checkSumTiles(program);
  return { root: programRoot(program, hash), ...programOrder(program) };
}

/** Throws PROGRAM_INVALID as `programFacts` does; looks at no tile and hashes no record. */
export function programOrder(program: Program): ProgramOrder {
  const { tensors } = program;
  const count = (role: Role) => tensors.filter((tensor) => tensor.role === role).length;
  const places = tensors.map(({ role }) => ORDER.indexOf(role));
  const isOrdered = places.every((place, i) => i === 0 || places[i - 1]! <= place);
  if (!isOrdered) refuse("weights, state, batch, constants, intermediates stand in this order");
  if (count("input") !== 1 || count("constant") !== 1) refuse("has one batch and one constant");
  const records = recordsOf(program);
  const computed = records.map(({ tensor }) => tensor);
  const given = tensors.length - count("intermediate");
  const made = computed.filter((tensor) => tensors[tensor]!.role === "intermediate");
  if (made.some((tensor, i) => tensor !== given + i)) refuse("intermediates follow the records");
  const weights = count("weight");
  const stateTensors = count("state");
  const stateWriters = Array.from({ length: stateTensors }, (_, i) =>
    computed.indexOf(weights + i),
  );
  if (stateWriters.includes(-1)) refuse("every state tensor is written");
  return { records: records.length, weights, stateTensors, stateWriters };

  function refuse(rule: string): never {
    throw new R3mesError({ code: "PROGRAM_INVALID", program: program.name, rule });
  }
}

/** Where the value of an input is taken from; state is always that before the step. */
export function sourceOf(
  order: Pick<ProgramOrder, "weights" | "stateTensors">,
  tensor: number,
): TensorSource {
  const { weights, stateTensors } = order;
  const given = tensor - weights - stateTensors;
  if (tensor < weights) return { from: "weight", item: tensor };
  if (given < 0) return { from: "state", item: tensor - weights };
  if (given === 0) return { from: "batch" };
  return { from: given === 1 ? "constants" : "trace" };
}
