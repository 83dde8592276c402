/**
 * The other party's tree, as far as a case has shown it. Left of the disputed slot both trees are equal; what stands right of it is
 * known from the posts alone, and proofs of agreed slots need it. So a challenger keeps every post about the trace.
 */
import { type Hash, hashBytes, nodeHash, type Sha256, type Tree, treeNode } from "@r3mes/protocol";
import { type Claim, heightBelow } from "./claim.ts";

/** A post about the trace, with the claim that it answered. */
export interface PostedNodes {
  readonly claim: Pick<Claim, "isRoot" | "height" | "index">;
  readonly children: readonly Uint8Array[];
}

/** `own` with the posted nodes in it, first post first; right for proofs of slots before the disputed one. */
export function treeAsPosted(own: Tree, posts: readonly PostedNodes[], hash?: Sha256): Tree {
  const levels = own.levels.map((level) => level.slice());
  const tree = { depth: own.depth, levels };
  for (const { claim, children } of posts) {
    const { height: top, index } = claim.isRoot ? { height: own.depth, index: 0 } : claim;
    let nodes = children;
    for (let height = heightBelow(top); height < top; height++) {
      setNodes(levels[height]!, index * nodes.length, nodes);
      nodes = parents(tree, height, index * nodes.length, nodes.length, hash);
    }
  }
  return tree;
}

/** Nodes behind the last stored one are empty in both trees. */
function setNodes(level: Uint8Array, first: number, nodes: readonly Uint8Array[]): void {
  nodes.forEach((node, i) => {
    const at = (first + i) * hashBytes;
    if (at < level.length) level.set(node, at);
  });
}

function parents(tree: Tree, height: number, first: number, count: number, hash?: Sha256): Hash[] {
  return Array.from({ length: count / 2 }, (_, i) =>
    nodeHash(
      treeNode(tree, height, first + 2 * i),
      treeNode(tree, height, first + 2 * i + 1),
      hash,
    ),
  );
}
