/** The moves of a case, as data: what the messages carry. Source: spec/verification.md sections 2 and 3. */
import type { UpdateItem } from "@r3mes/protocol";

/** What the defender shows of the disputed node. */
export interface TracePost {
  /** Nodes below the claim, left to right. */
  readonly children: readonly Uint8Array[];
  /** With the first post about operations. */
  readonly trace?: { readonly root: Uint8Array; readonly binding: TraceBinding };
  /** With the first post about tiles. */
  readonly record?: { readonly bytes: Uint8Array; readonly proof: ListProof };
  /** With the first post about the signs of an update. */
  readonly update?: UpdateClaim;
  /** With the first post about its scale: the root of the running sums. */
  readonly sumsRoot?: Uint8Array;
}

/** What a defender stands by of one tensor of its update. */
export interface UpdateClaim extends UpdateItem {
  /** The smallest kept magnitude, at least 1, and the last index that is kept of it. */
  readonly threshold: number;
  readonly last: number;
}

/** Ties a trace to the state that was revealed. */
export interface TraceBinding {
  /** Roots of the state tensors after the step, in program order. */
  readonly stateRoots: readonly Uint8Array[];
  /** Multiproof of the records that write them. */
  readonly siblings: readonly Uint8Array[];
  /** In a case about a digest: the roots of the operations that it names, ascending, with their multiproof. */
  readonly digest?: {
    readonly roots: readonly Uint8Array[];
    readonly siblings: readonly Uint8Array[];
  };
}

export interface ListProof {
  readonly index: number;
  readonly siblings: readonly Uint8Array[];
}

/** One range of leaves that the referee names. A range of the batch or of the constants has neither payload nor proofs. */
export interface TileInput {
  readonly slot: number;
  readonly first: number;
  readonly count: number;
  readonly stride: number;
  /** Payloads of the leaves, joined. */
  readonly payload: Uint8Array;
  /** Multiproof of the leaves in their tensor. */
  readonly siblings: readonly Uint8Array[];
  /** The tensor in the backbone, the state before the step, or the trace. */
  readonly tensor: ListProof;
}

/** The leaves of one shard that hold tokens of the batch. */
export interface ShardLeaves {
  readonly shard: number;
  readonly leaves: readonly number[];
  readonly payload: Uint8Array;
  readonly siblings: readonly Uint8Array[];
  readonly shardSiblings: readonly Uint8Array[];
}

/** Everything that the disputed tile is computed from. */
export interface TileExecution {
  readonly inputs: readonly TileInput[];
  readonly shards: readonly ShardLeaves[];
  /** In a case about an update: the items of its lists that the tile is judged with. */
  readonly items?: readonly ListItem[];
  /** In a case about a sum: what its updates say of the tile, in the order of their submissions. */
  readonly updates?: readonly SummedUpdate[];
}

/** What one update says of a tile: the item of the factor in the update, and that of the tile among its signs. */
export interface SummedUpdate {
  readonly tensor: ListItem;
  readonly signs: ListItem;
}

/** An opened item of a list. */
export interface ListItem {
  readonly content: Uint8Array;
  readonly proof: ListProof;
}
