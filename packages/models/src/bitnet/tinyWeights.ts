/**
 * Random weights for a program, from a seed: the model that tests, self-tests and examples train, so that none of them has to
 * download anything. It knows nothing, but it has the formats and magnitudes of a real one.
 */
import { type Program, packBlock, type Tensor, type WeightSource } from "@r3mes/engine";
import { noise, R3mesError } from "@r3mes/protocol";
import { ropeTable } from "./ropeTable.ts";

/** Sites of noise that only this file uses. */
const SITE = { ternary: 1, embedding: 2, gain: 3, head: 4, rowScale: 5 } as const;

/** Position of the first difference makes names distinct words of noise. */
function wordOf(name: string): number {
  let word = 0;
  for (const character of name) word = noise(word, character.codePointAt(0)!, 0, 0, 0);
  return word;
}

/** Weights of every tensor of a BitNet program. Equal seeds and names give equal bytes, whatever the program around them. */
export function tinyWeights(program: Program, seed: number): WeightSource {
  return (name) => {
    const tensor = program.tensors.find((candidate) => candidate.name === name);
    if (tensor === undefined) throw new R3mesError({ code: "TENSOR_NOT_FOUND", tensor: name });
    if (name === "rope") {
      return ropeTable({ base: 10000, size: tensor.columns, positions: tensor.rows });
    }
    return packBlock(tensor.dtype, tensor.rows, tensor.columns, valuesOf(tensor, seed));
  };
}

function valuesOf(tensor: Tensor, seed: number): (row: number, column: number) => number {
  const word = (site: number) => {
    const own = wordOf(tensor.name);
    return (row: number, column: number) => noise(seed, own, site, row, column);
  };
  const { name, columns } = tensor;
  if (name.endsWith(".w")) {
    const draw = word(SITE.ternary);
    return (row, column) => (draw(row, column) % 3) - 1;
  }
  if (name.endsWith(".scale")) {
    // About 1 / sqrt(inputs) for the widths of small models.
    return (_, column) => (column === 0 ? 20000 + (wordOf(name) % 4096) : 18);
  }
  if (name === "embedding") {
    const draw = word(SITE.embedding);
    return (row, column) => (draw(row, column) >>> 15) - 65536;
  }
  if (name.endsWith(".gain")) {
    const draw = word(SITE.gain);
    return (row, column) => 3584 + (draw(row, column) % 1024);
  }
  if (name === "head.e8") {
    const draw = word(SITE.head);
    return (row, column) => (draw(row, column) % 255) - 127;
  }
  if (name === "head.rowScale") {
    const draw = word(SITE.rowScale);
    return (row) => 16384 + (draw(row, 0) % 16384);
  }
  if (name === "head.exponent") return () => 22;
  throw new R3mesError({ code: "TENSOR_NOT_FOUND", tensor: name, columns });
}
