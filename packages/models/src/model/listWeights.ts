/** Which weights a model has, as its step program declares them. */
import type { Program, Tensor } from "@r3mes/engine";
import type { BitnetShape } from "../bitnet/bitnetShape.ts";
import { buildTrainingProgram } from "../bitnet/buildBitnet.ts";

/** A tensor of the backbone. Its number in the list stands in its leaves, whatever program reads it. */
export interface Weight extends Omit<Tensor, "role" | "transposeOf"> {
  readonly role: "weight";
  /** The weight whose transpose this is: committed by root, not stored. */
  readonly transposeOfName?: string;
}

/**
 * The weights of a model, in the order in which a training program declares them. Every program of the shape declares the
 * same ones; its batch and its adapter do not matter.
 */
export function listWeights(shape: BitnetShape): Weight[] {
  const program = buildTrainingProgram(shape, {
    sequences: 1,
    length: 1,
    adapter: { rank: 4, alpha: 4, targets: [] },
    optimizer: "adam",
  });
  return weightsOf(program);
}

/** The weights that a program reads. */
function weightsOf(program: Program): Weight[] {
  return program.tensors.flatMap((tensor) => {
    if (tensor.role !== "weight") return [];
    const { transposeOf, ...rest } = tensor;
    const weight = { ...rest, role: "weight" as const };
    return transposeOf === undefined
      ? [weight]
      : [{ ...weight, transposeOfName: program.tensors[transposeOf]!.name }];
  });
}
