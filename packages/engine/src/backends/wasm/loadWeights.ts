/** Brings a program's weights into a machine's memory, and refuses bytes that no tensor may hold. */
import type { Program, Tensor } from "../../program/program.ts";
import { tensorBytes } from "../../tensor/storage.ts";
import { weightBytes } from "../../tensor/weightBytes.ts";
import type { WeightSource } from "../backend.ts";
import { requireLength, requireTernary } from "../requireBytes.ts";
import type { Machine } from "./host.ts";
import type { FixedPlan } from "./planMemory.ts";
import { singleSteps } from "./steps.ts";

/** The one input of each kind that may be a weight kept in the other order. */
const TAKES_TRANSPOSE: Readonly<Record<string, string>> = {
  gemm: "b",
  linear: "w",
  "linear.backward": "w",
};

/** Weights declared as transposes that some operation has no code to read in the other order. */
export function transposedCopies(program: Program): ReadonlySet<number> {
  const copies = new Set<number>();
  for (const { kind, inputs } of singleSteps(program)) {
    for (const [name, id] of inputs) {
      const isTransposed = program.tensors[id]!.transposeOf !== undefined;
      if (isTransposed && TAKES_TRANSPOSE[kind] !== name) copies.add(id);
    }
  }
  return copies;
}

export async function loadWeights(
  machine: Machine,
  program: Program,
  fixed: FixedPlan,
  copies: ReadonlySet<number>,
  weights: WeightSource,
): Promise<void> {
  for (const [id, tensor] of program.tensors.entries()) {
    if (tensor.role !== "weight" || tensor.transposeOf !== undefined) continue;
    const target = bytesOf(machine, tensor, fixed.addresses[id]!);
    const bytes = await weights(tensor.name, target);
    requireLength(tensor, bytes);
    if (tensor.dtype === "t2") requireTernary(tensor, bytes);
    if (bytes !== target) target.set(bytes);
  }
  for (const id of copies) {
    const tensor = program.tensors[id]!;
    const source = tensor.transposeOf!;
    const loaded = bytesOf(machine, program.tensors[source]!, fixed.addresses[source]!).slice();
    const bytes = await weightBytes(program, () => loaded, id);
    bytesOf(machine, tensor, fixed.addresses[id]!).set(bytes);
  }
}

/** A tensor as the machine holds it: a view, not a copy. */
export function bytesOf(machine: Machine, tensor: Tensor, at: number): Uint8Array {
  return new Uint8Array(machine.buffer(), at, tensorBytes(tensor));
}
