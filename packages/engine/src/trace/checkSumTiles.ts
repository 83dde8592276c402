/**
 * What it takes to compute one tile of a round's sum again: the tile and its momentum before, and what each update says of it
 * (spec/verification.md section 5). A program whose factors have wider tiles could have a wrong sum that nobody can prove.
 */
import { hashBytes, LIMITS, R3mesError, treeDepth } from "@r3mes/protocol";
import type { Program } from "../program/program.ts";
import { blockBytes } from "../tensor/storage.ts";
import { gridOf } from "../tensor/tiles.ts";

/** Scale, kept elements and the root of the signs; before the signs of a tile, how many elements are kept up to its end. */
const itemBytes = 8 + hashBytes;
const signsHeaderBytes = 4;

/** Throws PROGRAM_TILE_TOO_LARGE if a round of the most updates has a tile of its sum that fits no message. */
export function checkSumTiles(program: Program): void {
  const states = program.tensors.filter(({ role }) => role === "state");
  for (const tensor of states) {
    const { dtype, tile } = tensor;
    const paths = hashBytes * (gridOf(tensor).depth + treeDepth(states.length));
    const update = itemBytes + signsHeaderBytes + tile.rows * tile.columns + paths;
    const before = 2 * (blockBytes(dtype, tile.rows, tile.columns) + paths);
    const bytes = LIMITS.chunksPerRoundMax * update + before;
    if (bytes <= LIMITS.sumInputBytesMax) continue;
    throw new R3mesError({
      code: "PROGRAM_TILE_TOO_LARGE",
      tensor: tensor.name,
      bytes,
      bytesMax: LIMITS.sumInputBytesMax,
    });
  }
}
