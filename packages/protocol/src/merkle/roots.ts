/** The named roots of the protocol, each over the roots below it: spec/encoding.md section 6. */
import { createWriter } from "../encoding/createWriter.ts";
import { asHash, type Hash } from "../hash/asHash.ts";
import { type Sha256, sha256 } from "../hash/sha256.ts";
import { createTreeBuilder } from "./createTreeBuilder.ts";
import { listRoot } from "./listRoot.ts";
import { leafHash } from "./treeHashes.ts";

/** Where a state stands: after step t of a chunk in a round of a pool; t = 0 before the first. */
export type StatePlace = {
  readonly pool: bigint;
  readonly round: bigint;
  readonly chunk: bigint;
  readonly t: number;
};

export function operationRoot(outputRoots: readonly Uint8Array[], hash: Sha256 = sha256): Hash {
  return listRoot("remes/operation/1", outputRoots, hash);
}

export function traceRoot(operationRoots: readonly Uint8Array[], hash: Sha256 = sha256): Hash {
  return listRoot("remes/trace/1", operationRoots, hash);
}

/** The root of the state after step t over the roots of its tensors in program order. */
export function stateRoot(
  place: StatePlace,
  tensorRoots: readonly Uint8Array[],
  hash: Sha256 = sha256,
): Hash {
  return stateRootOfTree(place, adapterRoot(tensorRoots, hash), hash);
}

export function stateRootOfTree(place: StatePlace, tree: Uint8Array, hash: Sha256 = sha256): Hash {
  const writer = createWriter().u8(3).u64(place.pool).u64(place.round).u64(place.chunk);
  return asHash(hash(writer.u32(place.t).hash(tree).finish()));
}

/** The root that a miner commits to: the state roots of t = 1 … H. */
export function stepsRoot(stateRoots: readonly Uint8Array[], hash: Sha256 = sha256): Hash {
  return listRoot("remes/steps/1", stateRoots, hash);
}

/** The root of a step program over its encoded operation records. */
export function programRoot(records: readonly Uint8Array[], hash: Sha256 = sha256): Hash {
  return listRoot(
    "remes/program/1",
    records.map((record) => leafHash(record, hash)),
    hash,
  );
}

export function backboneRoot(tensorRoots: readonly Uint8Array[], hash: Sha256 = sha256): Hash {
  return listRoot("remes/backbone/1", tensorRoots, hash);
}

/**
 * The root of an adapter version over the state tensors before step 1: the bare tree, from which
 * `stateRootOfTree` gives the state of t = 0 of every chunk that starts from the version.
 */
export function adapterRoot(tensorRoots: readonly Uint8Array[], hash: Sha256 = sha256): Hash {
  const builder = createTreeBuilder(hash);
  for (const root of tensorRoots) builder.push(root);
  return builder.finish();
}

/** What an update says about one factor: spec/update.md, Root. */
export interface UpdateItem {
  /** Q24. */
  readonly scale: number;
  readonly kept: number;
  /** Root of the tiles of signs, 32 bytes. */
  readonly signsRoot: Uint8Array;
}

/** The item of a factor in the list of an update, as its leaf holds it. */
export function updateItem({ scale, kept, signsRoot }: UpdateItem): Uint8Array {
  return createWriter().u32(scale).u32(kept).hash(signsRoot).finish();
}

/** The slot of a factor in the list of an update. */
export function updateSlot(item: UpdateItem, hash: Sha256 = sha256): Hash {
  return leafHash(updateItem(item), hash);
}

export function updateRoot(items: readonly UpdateItem[], hash: Sha256 = sha256): Hash {
  return listRoot(
    "remes/update/2",
    items.map((item) => updateSlot(item, hash)),
    hash,
  );
}

/** What a sum is of: the roots of its updates in the order of their submissions. */
export function updatesRoot(updateRoots: readonly Uint8Array[], hash: Sha256 = sha256): Hash {
  return listRoot("remes/updates/1", updateRoots, hash);
}

/** The root of the momenta of an adapter version over one tensor root for each factor. */
export function momentumRoot(tensorRoots: readonly Uint8Array[], hash: Sha256 = sha256): Hash {
  return listRoot("remes/momenta/1", tensorRoots, hash);
}

export function datasetRoot(shardRoots: readonly Uint8Array[], hash: Sha256 = sha256): Hash {
  return listRoot("remes/dataset/1", shardRoots, hash);
}

/** The root that remains of a settled round, over its encoded submission records. */
export function submissionsRoot(records: readonly Uint8Array[], hash: Sha256 = sha256): Hash {
  return listRoot(
    "remes/submissions/1",
    records.map((record) => leafHash(record, hash)),
    hash,
  );
}
