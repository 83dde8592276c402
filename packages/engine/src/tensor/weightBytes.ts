/** Storage bytes of a weight by its number, transposes included: sources hold only one of a weight and its transpose. */
import type { WeightSource } from "../backends/backend.ts";
import type { Program } from "../program/program.ts";
import { packBlock, unpackBlock } from "./storage.ts";

export async function weightBytes(
  program: Program,
  source: WeightSource,
  id: number,
): Promise<Uint8Array> {
  const { name, dtype, rows, columns, transposeOf } = program.tensors[id]!;
  if (transposeOf === undefined) return source(name);
  const values = unpackBlock(dtype, columns, rows, await weightBytes(program, source, transposeOf));
  return packBlock(dtype, rows, columns, (row, column) => values[column * rows + row]!);
}
