/** The root of a shard. */
import {
  type Hash,
  LIMITS,
  type Sha256,
  sha256,
  type TensorLayout,
  tensorRoot,
} from "@r3mes/protocol";

/**
 * The root of a shard: tensor 0, u32 [tokens], leaves of 1,024 tokens (spec/encoding.md section 6).
 *
 * @param bytes the tokens, little-endian; a multiple of four bytes, at least one token
 */
export function shardRoot(bytes: Uint8Array, hash: Sha256 = sha256): Hash {
  const leafBytes = 4 * LIMITS.shardLeafTokens;
  const layout: TensorLayout = {
    tensor: 0,
    type: "u32",
    shape: [bytes.length / 4],
    tile: [1, LIMITS.shardLeafTokens],
  };
  const leaves: Uint8Array[] = [];
  for (let offset = 0; offset < bytes.length; offset += leafBytes) {
    const leaf = bytes.subarray(offset, offset + leafBytes);
    leaves.push(leaf.length === leafBytes ? leaf : padded(leaf, leafBytes));
  }
  return tensorRoot(layout, leaves, hash);
}

function padded(leaf: Uint8Array, bytes: number): Uint8Array {
  const whole = new Uint8Array(bytes);
  whole.set(leaf);
  return whole;
}
