/**
 * What it takes to compute one tile of a round's sum again: the tile and its momentum before, and what each update says of it
 * (spec/verification.md section 5). A program whose factors have wider tiles could have a wrong sum that nobody can prove.
 */
import { hashBytes, LIMITS, R3mesError, treeDepth } from "@r3mes/protocol";
import type { Program, Tensor } from "../program/program.ts";
import { blockBytes } from "../tensor/storage.ts";
import { gridOf } from "../tensor/tiles.ts";

/** Scale, kept elements and the root of the signs; before the signs of a tile, how many elements are kept up to its end. */
const itemBytes = 8 + hashBytes;
const signsHeaderBytes = 4;

/** Throws PROGRAM_TILE_TOO_LARGE if a round of the most updates has a tile of its sum that fits no message. */
export function checkSumTiles(program: Program): void {
  const states = program.tensors.filter(({ role }) => role === "state");
  for (const tensor of states) {
    const bytes = sumTileBytes(tensor, states.length, LIMITS.chunksPerRoundMax);
    if (bytes <= LIMITS.sumInputBytesMax) continue;
    throw new R3mesError({
      code: "PROGRAM_TILE_TOO_LARGE",
      tensor: tensor.name,
      bytes,
      bytesMax: LIMITS.sumInputBytesMax,
    });
  }
}

/**
 * Bytes that bring a tile of a factor, and of its momentum, with what `updates` updates say of it, proofs included; at most, for
 * a list of factors alone is shorter than that of all `states` state tensors.
 */
export function sumTileBytes(tensor: Tensor, states: number, updates: number): number {
  const { dtype, tile } = tensor;
  const paths = hashBytes * (gridOf(tensor).depth + treeDepth(states));
  const update = itemBytes + signsHeaderBytes + tile.rows * tile.columns + paths;
  const before = blockBytes(dtype, tile.rows, tile.columns) + paths;
  return updates * update + 2 * before;
}
