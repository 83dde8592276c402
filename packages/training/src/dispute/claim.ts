/**
 * Claims of a case and the shape of the trees that they are in: which nodes a post shows, and which of them cover nothing. Both
 * parties and the judge count by it. Source: spec/verification.md section 2.
 */
import {
  assert,
  type Hash,
  nodeHash,
  type Sha256,
  type TensorLayout,
  tensorGrid,
  treeDepth,
} from "@r3mes/protocol";

/** Which tree is bisected: the state roots of the steps, the records of the trace or tensors of the update, the tiles of one tensor. */
export type Stage = "steps" | "operations" | "tensors" | "tiles";

/** A node that the parties disagree about. */
export interface Claim {
  readonly stage: Stage;
  /** Nothing of this tree has been posted: `hash` is its root, and the claim is the whole tree. */
  readonly isRoot: boolean;
  /** Levels above the slots, and place among the nodes of this height. */
  readonly height: number;
  readonly index: number;
  /** What the defender stands by. */
  readonly hash: Uint8Array;
}

/** The filled slots of a tree: the first `columns` of each of the first `rows` runs of 2^columnBits. */
export interface TreeShape {
  readonly rows: number;
  readonly columns: number;
  readonly columnBits: number;
  readonly depth: number;
}

export function shapeOfList(count: number): TreeShape {
  const depth = treeDepth(count);
  return { rows: 1, columns: count, columnBits: depth, depth };
}

/** The shape of a tensor of two dimensions. */
export function shapeOfTensor(layout: TensorLayout): TreeShape {
  const [rows, columns, ...more] = tensorGrid(layout);
  assert(columns !== undefined && more.length === 0, "tensors of programs are matrices");
  const columnBits = treeDepth(columns);
  return { rows: rows!, columns, columnBits, depth: treeDepth(rows!) + columnBits };
}

/** Levels that one post goes down: 256 nodes. */
const LEVELS = 8;

/** Height of the nodes that a post below a node of `height` shows. */
export function heightBelow(height: number): number {
  return Math.max(0, height - LEVELS);
}

/** The node that a claim is: the top of its tree while nothing is posted. */
export function nodeOfClaim(claim: Claim, shape: TreeShape): { height: number; index: number } {
  return claim.isRoot ? { height: shape.depth, index: 0 } : claim;
}

/** Whether a node has no filled slot below it. */
export function coversNothing(shape: TreeShape, height: number, index: number): boolean {
  const { rows, columns, columnBits } = shape;
  if (height >= columnBits) return index * 2 ** (height - columnBits) >= rows;
  const across = 2 ** (columnBits - height);
  const column = index % across;
  return (index - column) / across >= rows || column * 2 ** height >= columns;
}

/** The node above 2^j nodes. */
export function foldNodes(nodes: readonly Uint8Array[], hash?: Sha256): Hash {
  let level = nodes;
  while (level.length > 1) {
    level = Array.from({ length: level.length / 2 }, (_, i) =>
      nodeHash(level[2 * i]!, level[2 * i + 1]!, hash),
    );
  }
  return level[0] as Hash;
}
