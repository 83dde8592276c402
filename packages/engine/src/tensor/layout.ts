/** A tensor of a program as the protocol commits to it. */
import type { TensorLayout } from "@r3mes/protocol";
import type { Program } from "../program/program.ts";

export function layoutOf(program: Program, id: number): TensorLayout {
  const tensor = program.tensors[id]!;
  return {
    tensor: id,
    type: tensor.dtype === "t2" ? "ternary" : tensor.dtype,
    shape: [tensor.rows, tensor.columns],
    tile: [tensor.tile.rows, tensor.tile.columns],
  };
}
