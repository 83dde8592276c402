/**
 * The noise of stochastic rounding: a function of the step seed and of an element's place, cheap in
 * 32-bit arithmetic on every device. It hides nothing and must decide nothing but rounding.
 */

/** The part of a step seed that noise uses: its first 64 bits. */
export type NoiseSeed = { readonly low: number; readonly high: number };

export function noiseSeed(stepSeed: Uint8Array): NoiseSeed {
  const view = new DataView(stepSeed.buffer, stepSeed.byteOffset, stepSeed.length);
  return { low: view.getUint32(0, true), high: view.getUint32(4, true) };
}

/** 32 bits of noise, as an unsigned number (spec/encoding.md section 8). */
export function noise(
  low: number,
  high: number,
  site: number,
  row: number,
  column: number,
): number {
  return mix(mix(mix(mix(mix(low) + high) + site) + row) + column);
}

/** Ellis's lowbias32: a permutation of the 32-bit words that spreads every bit. */
function mix(word: number): number {
  let x = word | 0;
  x = Math.imul(x ^ (x >>> 16), 0x7feb352d);
  x = Math.imul(x ^ (x >>> 15), 0x846ca68b);
  return (x ^ (x >>> 16)) >>> 0;
}
