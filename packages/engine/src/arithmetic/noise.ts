/** The counter-based noise of spec/encoding.md section 8: a function of a position, never the next value of a stream. */

/** Mixes 32 bits (Ellis's lowbias32, "hash prospector"). u32 to u32. */
export function mix(x: number): number {
  let h = x >>> 0;
  h ^= h >>> 16;
  h = Math.imul(h, 0x7feb352d);
  h ^= h >>> 15;
  h = Math.imul(h, 0x846ca68b);
  h ^= h >>> 16;
  return h >>> 0;
}

/** A u32 for one element. `low` and `high` are the halves of the step seed; `site` tells uses apart (SITE). */
export function noise(
  low: number,
  high: number,
  site: number,
  row: number,
  column: number,
): number {
  return mix((mix((mix((mix(mix(low) + high) >>> 0) + site) >>> 0) + row) >>> 0) + column);
}

/** Who asks for noise. A number is never given to a second use. */
export const SITE = {
  /** Rounding of dlogits: row is the token in the batch, column the vocabulary index. */
  dlogits: 1,
  /** First values of LoRA factors: 2^16 + the position of the factor among the state tensors. */
  factors: 65536,
} as const;
