/** Programs of a single product, and weights for them: what the engine's benchmark measures. */
import type { WeightSource } from "../backends/backend.ts";
import { createProgramBuilder } from "../program/createProgramBuilder.ts";
import type { Dtype, Program, Role } from "../program/program.ts";
import { tensorBytes } from "../tensor/storage.ts";

export interface ProductShape {
  readonly kind: "ternary" | "int8";
  readonly rows: number;
  readonly inputs: number;
  readonly outputs: number;
}

/** One linear layer without adapter, or one int8 product, from an input tensor `x`. */
export function productProgram({ kind, rows, inputs, outputs }: ProductShape): Program {
  const { declare, add, build } = createProgramBuilder();
  const tensor = (name: string, dtype: Dtype, size: readonly [number, number], role: Role) => {
    const tile = { rows: Math.min(16, size[0]), columns: Math.min(32, size[1]) };
    return declare({ name, dtype, rows: size[0], columns: size[1], tile, role });
  };
  const x = tensor("x", "i8", [rows, inputs], "input");
  if (kind === "int8") {
    const b = tensor("b", "i8", [outputs, inputs], "weight");
    add("gemm", "y", { a: x, b }, { chunk: inputs, bits: 8 });
    return build("int8-product");
  }
  const w = tensor("w", "t2", [outputs, inputs], "weight");
  const scale = tensor("scale", "i32", [1, 2], "weight");
  const m = tensor("m", "i32", [rows, 1], "input");
  add("linear", "y", { x8: x, w, scale, m }, { alphaShift: 0 });
  return build("ternary-product");
}

/** Bytes of any tensor of such a program: codes 0 and 1 for ternary ones, a plain scale, small numbers else. */
export function productWeights(program: Program): WeightSource {
  return (name) => {
    const tensor = program.tensors.find((candidate) => candidate.name === name)!;
    if (name === "scale") return new Uint8Array(Int32Array.of(20_000, 18).buffer);
    const mask = tensor.dtype === "t2" ? 0x55 : 0x7f;
    const bytes = new Uint8Array(tensorBytes(tensor));
    for (let i = 0; i < bytes.length; i++) bytes[i] = (Math.imul(i, 0x9e3779b1) >>> 23) & mask;
    return bytes;
  };
}
