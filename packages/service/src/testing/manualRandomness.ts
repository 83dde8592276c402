/** Randomness that a seed decides, so that a test sees the same bytes on every run. Never for keys. */
import { createHash } from "node:crypto";
import type { Randomness } from "../randomness.ts";

export function manualRandomness(seed: string): Randomness {
  let counter = 0;
  return {
    bytes: (length) => {
      const out = new Uint8Array(length);
      for (let offset = 0; offset < length; offset += 32) {
        const block = createHash("sha256").update(`${seed}/${counter}`).digest();
        counter += 1;
        out.set(block.subarray(0, Math.min(32, length - offset)), offset);
      }
      return out;
    },
  };
}
