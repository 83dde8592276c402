/**
 * Warns where a sum cannot wait for a withheld update: its two windows have to hold the patience of a store and the training of a chunk,
 * or whoever withholds one takes the round its version. Neither the chain nor its governance knows how fast blocks and devices are.
 */
import type { BlockPace } from "@r3mes/participant";
import type { VerifierDeps } from "./verifierDeps.ts";

export interface SumWindow {
  /** How long this device needs for a chunk, as the last audited step lets expect. */
  noteChunk(ms: number): void;
  /** Windows of the same number of blocks are warned of once. */
  check(): Promise<void>;
}

export interface SumWindowDeps extends Pick<VerifierDeps, "query" | "log"> {
  readonly pace: Pick<BlockPace, "blockMs">;
}

export function createSumWindow(
  { patienceMs }: { readonly patienceMs: number },
  { query, log, pace }: SumWindowDeps,
): SumWindow {
  let chunkMs = 0;
  let warnedBlocks: number | undefined;
  return {
    noteChunk(ms) {
      chunkMs = ms;
    },
    async check() {
      const { params } = await query.params({});
      const attestBlocks = params?.params?.round?.attestBlocks;
      if (attestBlocks === undefined || attestBlocks === warnedBlocks) return;
      const windowsMs = Math.round(2 * attestBlocks * pace.blockMs());
      const neededMs = Math.round(patienceMs + chunkMs);
      if (windowsMs >= neededMs) return;
      warnedBlocks = attestBlocks;
      log.warn(
        { attestBlocks, windowsMs, neededMs },
        "both windows of a sum may end before a withheld update is made again",
      );
    },
  };
}
