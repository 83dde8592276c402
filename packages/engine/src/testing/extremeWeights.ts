/** Weights that random data never makes; a kernel that is right on random data can still be wrong on them. */
import { tinyWeights } from "@r3mes/models/testing";
import type { WeightSource } from "../backends/backend.ts";
import type { Program } from "../program/program.ts";
import { packBlock } from "../tensor/storage.ts";

/**
 * Weights at the edge of their formats: rows of zeros and of the largest values in the embedding, a
 * gain that erases columns, ternary rows that are all -1 or all +1, row scales at both ends,
 * and linears whose results saturate beside a residual that is saturated already.
 */
export function extremeWeights(program: Program): WeightSource {
  const plain = tinyWeights(program, 3);
  return async (name) => {
    const tensor = program.tensors.find((candidate) => candidate.name === name)!;
    const { dtype, rows, columns } = tensor;
    const bytes = await plain(name);
    const values = (get: (row: number, column: number) => number) =>
      packBlock(dtype, rows, columns, get);
    if (name === "embedding") {
      return values((row, column) => {
        if (row % 5 === 0) return 0;
        if (row % 5 === 1) return 2 ** 30;
        if (row % 5 === 2) return -(2 ** 30);
        return row % 5 === 3 ? (column === 0 ? 1 : 0) : (column * 977 * row) % 70_001;
      });
    }
    // Results past 2^30, by a shift to the left and by one that only just fits 32 bits.
    if (name.endsWith(".o.scale")) return values((_, column) => [32767, 0][column]!);
    if (name.endsWith(".down.scale")) return values((_, column) => [32767, 14][column]!);
    if (name.endsWith(".gain")) return values((_, column) => [32767, -32768, 0, 4096][column % 4]!);
    if (name.endsWith(".w")) return values((row, column) => [-1, 1, 0, (column % 3) - 1][row % 4]!);
    if (name === "head.e8") return values((row, column) => [-128, 127, 0, column][row % 4]!);
    if (name === "head.rowScale") return values((row) => [16384, 32767, 0, 20000][row % 4]!);
    return bytes;
  };
}
