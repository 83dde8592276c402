/**
 * The root that binds an update, and the items below it. A tile of a factor is one item, so a single tile can be disputed and opened:
 * it holds how many elements are kept up to its end, and the sign of each of its own. Source: spec/update.md, Root.
 */
import { decodeUpdate, type Program, type TensorUpdate, type Update } from "@r3mes/engine";
import {
  type Hash,
  leafHashes,
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
  return listRoot("remes/signs/1", leafHashes(tiles, hash), hash);
}

/** The u32 before the signs of a tile. */
const keptBytes = 4;

/** What the list of signs holds for each tile of a factor, row by row of tiles. */
export function signTiles(
  program: Program,
  id: number,
  update: Pick<TensorUpdate, "indices" | "negative">,
): Uint8Array[] {
  const { columns, tile, rows } = program.tensors[id]!;
  const across = Math.ceil(columns / tile.columns);
  const itemBytes = keptBytes + tile.rows * tile.columns;
  const items = new Uint8Array(across * Math.ceil(rows / tile.rows) * itemBytes);
  const kept = new Uint32Array(items.length / itemBytes);
  for (let entry = 0; entry < update.indices.length; entry += 1) {
    const index = update.indices[entry]!;
    const column = index % columns;
    const row = (index - column) / columns;
    const c = column % tile.columns;
    const r = row % tile.rows;
    const at = ((row - r) / tile.rows) * across + (column - c) / tile.columns;
    items[at * itemBytes + keptBytes + r * tile.columns + c] =
      update.negative[entry] === 1 ? -1 : 1;
    kept[at]! += 1;
  }
  const view = new DataView(items.buffer);
  let total = 0;
  return Array.from(kept, (count, at) => {
    total += count;
    view.setUint32(at * itemBytes, total, true);
    return items.subarray(at * itemBytes, (at + 1) * itemBytes);
  });
}
