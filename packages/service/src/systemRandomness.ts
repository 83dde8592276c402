/** The operating system's random source. */
import { randomFillSync } from "node:crypto";
import type { Randomness } from "./randomness.ts";

export const systemRandomness: Randomness = {
  bytes: (length) => randomFillSync(new Uint8Array(length)),
};
