/** A tensor of a program as the protocol commits to it. */
import type { TensorLayout } from "@r3mes/protocol";
import type { Program, Tensor } from "../program/program.ts";

export function layoutOf(program: Program, id: number): TensorLayout {
  return tensorLayout(program.tensors[id]!, id);
}

/** @param id the tensor's number in its list */
export function tensorLayout({ dtype, rows, columns, tile }: Tensor, id: number): TensorLayout {
  return {
    tensor: id,
    type: dtype === "t2" ? "ternary" : dtype,
    shape: [rows, columns],
    tile: [tile.rows, tile.columns],
  };
}
