/** Read access to a tensor of a program in storage form. */
import type { View } from "../ops/kind.ts";
import type { Program } from "../program/program.ts";
import { fromStorage } from "./storage.ts";

export function viewOf(program: Program, tensor: number, bytes: Uint8Array): View {
  return fromStorage(program.tensors[tensor]!, bytes);
}
