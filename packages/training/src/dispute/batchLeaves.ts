/**
 * Where the tokens of a disputed batch lie in the dataset: tiles of `tokens` are cut out of leaves of shards, which the dataset's root
 * binds. Source: spec/verification.md section 3.
 */
import {
  type BatchShape,
  LIMITS,
  type RecordPlace,
  recordPlace,
  type TensorLayout,
  tileBytes,
  tilePosition,
} from "@r3mes/protocol";

const TOKEN_BYTES = 4;
const LEAF_TOKENS = LIMITS.shardLeafTokens;

/** The layout of a shard of the training split. */
export function layoutOfShard(shard: number, tokens: number): TensorLayout {
  const held = Math.min(LIMITS.shardTokensMax, tokens - shard * LIMITS.shardTokensMax);
  return { tensor: 0, type: "u32", shape: [held], tile: [1, LEAF_TOKENS] };
}

interface TokenRun {
  readonly shard: number;
  readonly first: number;
  /** Behind the last. */
  readonly end: number;
}

/** The tokens of a tile of the batch [sequences, length + 1]. */
function runOfTile(
  layout: TensorLayout,
  tile: number,
  at: { readonly chunk: number; readonly t: number; readonly batch: BatchShape },
): TokenRun {
  const [sequence, column] = tilePosition(layout, tile) as [number, number];
  const { chunk, t } = at;
  const { shard, firstToken }: RecordPlace = recordPlace({ chunk, t, sequence }, at.batch);
  const from = column * layout.tile[1];
  const to = Math.min(layout.shape[1]!, from + layout.tile[1]);
  return { shard, first: firstToken + from, end: firstToken + to };
}

export interface LeafPlace {
  readonly shard: number;
  readonly leaf: number;
}

/** The leaves that hold the tokens of these tiles, each once, by shard and then ascending. */
export function leavesOfTiles(
  layout: TensorLayout,
  tiles: readonly number[],
  at: Parameters<typeof runOfTile>[2],
): ReadonlyMap<number, readonly number[]> {
  const byShard = new Map<number, Set<number>>();
  for (const tile of tiles) {
    const { shard, first, end } = runOfTile(layout, tile, at);
    const leaves = byShard.get(shard) ?? new Set();
    const last = Math.floor((end - 1) / LEAF_TOKENS);
    for (let leaf = Math.floor(first / LEAF_TOKENS); leaf <= last; leaf++) leaves.add(leaf);
    byShard.set(shard, leaves);
  }
  const shards = [...byShard].sort(([a], [b]) => a - b);
  return new Map(shards.map(([shard, leaves]) => [shard, [...leaves].sort((a, b) => a - b)]));
}

/** The bytes of a tile of the batch, zeros behind the record's last token. */
export function tileOfLeaves(
  layout: TensorLayout,
  tile: number,
  at: Parameters<typeof runOfTile>[2],
  leafBytes: (place: LeafPlace) => Uint8Array,
): Uint8Array {
  const { shard, first, end } = runOfTile(layout, tile, at);
  const bytes = new Uint8Array(tileBytes(layout));
  for (let token = first; token < end; token++) {
    const leaf = Math.floor(token / LEAF_TOKENS);
    const from = (token - leaf * LEAF_TOKENS) * TOKEN_BYTES;
    const source = leafBytes({ shard, leaf }).subarray(from, from + TOKEN_BYTES);
    bytes.set(source, (token - first) * TOKEN_BYTES);
  }
  return bytes;
}

/** The bytes of a leaf of a shard, zeros behind the shard's last token. */
export function leafOfShard(tokens: Uint32Array, leaf: number): Uint8Array {
  const bytes = new Uint8Array(LEAF_TOKENS * TOKEN_BYTES);
  const view = new DataView(bytes.buffer);
  tokens.subarray(leaf * LEAF_TOKENS, (leaf + 1) * LEAF_TOKENS).forEach((token, i) => {
    view.setUint32(i * TOKEN_BYTES, token, true);
  });
  return bytes;
}
