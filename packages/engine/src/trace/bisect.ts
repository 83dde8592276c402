/**
 * Finds where two traces part, by comparing nodes from the top: first the records, then the tiles of the one tensor that
 * differs. Each round shows the nodes some levels below one that both parties hold but disagree about; everything before
 * the first difference is agreed, and with it every input of the disputed tile.
 */
import { equalBytes, type Hash, type Tree, treeNode } from "@r3mes/protocol";

/** Levels that one round goes down: 256 nodes, 8 KiB. */
const LEVELS = 8;

/** What a party can show of its own computation. */
export interface TraceSource {
  /** The tree over the records. */
  readonly records: Tree;
  /** The tree over the tiles of the tensor of a record. */
  tiles(record: number): Tree | Promise<Tree>;
}

export interface Difference {
  readonly record: number;
  readonly tile: number;
  /** Rounds of posting and picking that it takes on the chain. */
  readonly rounds: number;
}

/** The nodes of one round: those up to eight levels below the node at `height` and `index`, from the left. */
export function nodesBelow(tree: Tree, height: number, index: number): readonly Hash[] {
  const below = Math.max(0, height - LEVELS);
  const count = 2 ** (height - below);
  return Array.from({ length: count }, (_, i) => treeNode(tree, below, index * count + i));
}

/** Position of the first node that differs, or -1. */
export function firstDifference(mine: readonly Hash[], theirs: readonly Uint8Array[]): number {
  return mine.findIndex((node, i) => !equalBytes(node, theirs[i]!));
}

/** The first slot in which two trees of one depth differ, and the rounds it took; null if none does. */
export function firstSlotThatDiffers(
  mine: Tree,
  theirs: Tree,
): { slot: number; rounds: number } | null {
  let height = mine.depth;
  let index = 0;
  let rounds = 0;
  if (equalBytes(treeNode(mine, height, 0), treeNode(theirs, height, 0))) return null;
  while (height > 0) {
    const picked = firstDifference(
      nodesBelow(mine, height, index),
      nodesBelow(theirs, height, index),
    );
    const below = Math.max(0, height - LEVELS);
    index = index * 2 ** (height - below) + picked;
    height = below;
    rounds += 1;
  }
  return { slot: index, rounds };
}

/** The record and the tile at which two traces of one program first differ; null if they are equal. */
export async function bisect(mine: TraceSource, theirs: TraceSource): Promise<Difference | null> {
  const record = firstSlotThatDiffers(mine.records, theirs.records);
  if (record === null) return null;
  const tile = firstSlotThatDiffers(await mine.tiles(record.slot), await theirs.tiles(record.slot));
  // Equal tiles under different roots would need a broken hash: the root binds nothing but layout and tiles.
  if (tile === null)
    throw new RangeError(`record ${record.slot}: equal tiles under different roots`);
  return { record: record.slot, tile: tile.slot, rounds: record.rounds + tile.rounds };
}
