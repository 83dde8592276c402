/** Brings the weights of programs into a machine's memory, and refuses bytes that no tensor may hold. */
import type { Program, Tensor } from "../../program/program.ts";
import { tensorBytes } from "../../tensor/storage.ts";
import { weightBytes } from "../../tensor/weightBytes.ts";
import type { WeightSource } from "../backend.ts";
import { requireLength, requireTernary } from "../requireBytes.ts";
import type { Machine } from "./host.ts";
import type { Prepared } from "./planTrace.ts";
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

/** Each weight once, however many programs it is of. */
export async function loadWeights(
  prepared: readonly Pick<Prepared, "machine" | "program" | "fixed" | "copies">[],
  weights: WeightSource,
): Promise<void> {
  const loaded = new Set<string>();
  for (const { machine, program, fixed, copies } of prepared) {
    const load = async (id: number, bytesFor: WeightSource) => {
      const tensor = program.tensors[id]!;
      if (loaded.has(tensor.name)) return;
      loaded.add(tensor.name);
      const target = bytesOf(machine, tensor, fixed.addresses[id]!);
      const bytes = await bytesFor(tensor.name, target);
      requireLength(tensor, bytes);
      if (tensor.dtype === "t2") requireTernary(tensor, bytes);
      if (bytes !== target) target.set(bytes);
    };
    for (const [id, { role, transposeOf }] of program.tensors.entries()) {
      if (role === "weight" && transposeOf === undefined) await load(id, weights);
    }
    for (const id of copies) {
      const source = program.tensors[id]!.transposeOf!;
      const { addresses } = fixed;
      const original = bytesOf(machine, program.tensors[source]!, addresses[source]!);
      await load(id, () => weightBytes(program, () => original.slice(), id));
    }
  }
}

/** A tensor as the machine holds it: a view, not a copy. */
export function bytesOf(machine: Machine, tensor: Tensor, at: number): Uint8Array {
  return new Uint8Array(machine.buffer(), at, tensorBytes(tensor));
}
