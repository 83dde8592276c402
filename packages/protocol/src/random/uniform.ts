/** A whole number below a bound, without bias, as a function of seed and position. */
import { taggedHash } from "../hash/taggedHash.ts";
import { checkRange } from "../limits/checkRange.ts";

const boundMax = 2 ** 32;

/**
 * A number from 0 to bound - 1, each equally likely (spec/encoding.md section 8).
 * Throws NUMBER_OUT_OF_RANGE for a bound outside 1 to 2^32.
 */
export function uniform(seed: Uint8Array, position: bigint, bound: number): number {
  checkRange("bound", bound, 1, boundMax);
  if (bound === 1) return 0;
  // Words at or above the largest multiple of the bound would favour the small numbers.
  const admitted = boundMax - (boundMax % bound);
  for (let attempt = 0; ; attempt++) {
    const word = randomWord(seed, position, attempt);
    if (word < admitted) return word % bound;
  }
}

function randomWord(seed: Uint8Array, position: bigint, attempt: number): number {
  const digest = taggedHash("remes/random/1", (fields) =>
    fields.hash(seed).u64(position).u32(attempt),
  );
  return new DataView(digest.buffer, digest.byteOffset).getUint32(0, true);
}
