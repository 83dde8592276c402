/**
 * The root that binds an update, and the items below it. A tile of a factor is one item, so a single tile can be disputed and opened:
 * it holds how many elements are kept up to its end, and the sign of each of its own. Source: spec/update.md, Root.
 */
import {
  decodeUpdate,
  type Program,
  type TensorUpdate,
  tileIndices,
  tileRegion,
  type Update,
} from "@r3mes/engine";
import {
  type Hash,
  leafHash,
  listRoot,
  type Sha256,
  type UpdateItem,
  updateRoot,
} from "@r3mes/protocol";
import { factorTensors, type TrainingPlan, updateLayoutOf } from "../pool/trainingPlan.ts";

/** The root of an encoded update. Throws what `decodeUpdate` does for bytes that are none. */
export function rootOfUpdate(plan: TrainingPlan, bytes: Uint8Array, hash?: Sha256): Hash {
  return rootOfDecoded(plan, decodeUpdate(updateLayoutOf(plan), bytes), hash);
}

export function rootOfDecoded(plan: TrainingPlan, update: Update, hash?: Sha256): Hash {
  return updateRoot(itemsOfUpdate(plan, update, hash), hash);
}

/** The items of an update, one for each factor. */
export function itemsOfUpdate(plan: TrainingPlan, update: Update, hash?: Sha256): UpdateItem[] {
  return factorTensors(plan.program).map((id, i) => {
    const { scale, indices } = update[i]!;
    const tiles = signTiles(plan.program, id, update[i]!);
    return { scale, kept: indices.length, signsRoot: signsRoot(tiles, hash) };
  });
}

export function signsRoot(tiles: readonly Uint8Array[], hash?: Sha256): Hash {
  return listRoot(
    "remes/signs/1",
    tiles.map((tile) => leafHash(tile, hash)),
    hash,
  );
}

/** The u32 before the signs of a tile. */
const keptBytes = 4;

/** What the list of signs holds for each tile of a factor, row by row of tiles. */
export function signTiles(
  program: Program,
  id: number,
  update: Pick<TensorUpdate, "indices" | "negative">,
): Uint8Array[] {
  const tensor = program.tensors[id]!;
  const signs = new Int8Array(tensor.rows * tensor.columns);
  for (const [entry, index] of update.indices.entries()) {
    signs[index] = update.negative[entry] === 1 ? -1 : 1;
  }
  let kept = 0;
  return tileIndices(tensor).map((tile) => {
    const { row, column, rows, columns } = tileRegion(tensor, tile);
    const item = new Uint8Array(keptBytes + tensor.tile.rows * tensor.tile.columns);
    for (let r = 0; r < rows; r += 1) {
      const from = (row + r) * tensor.columns + column;
      const to = keptBytes + r * tensor.tile.columns;
      for (let c = 0; c < columns; c += 1) {
        const sign = signs[from + c]!;
        item[to + c] = sign;
        if (sign !== 0) kept += 1;
      }
    }
    new DataView(item.buffer).setUint32(0, kept, true);
    return item;
  });
}
