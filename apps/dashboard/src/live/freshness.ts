/** How fresh a page is: decided from facts, told in words. A silent page must never look like a live one. */
import { groupDigits } from "../format/groupDigits.ts";

export type Freshness = {
  readonly state: "connecting" | "live" | "behind" | "stale";
  /** Why, as a sentence; null while all is well. */
  readonly reason: string | null;
};

export type FreshnessFacts = {
  readonly connected: boolean;
  /** When the stream was lost, or the page opened; null while it is connected. */
  readonly lostAtMs: number | null;
  /** When the last block reached this page or, if that was later, the stream opened. */
  readonly quietSinceMs: number | null;
  readonly lagBlocks: number | null;
  readonly nowMs: number;
};

const patienceMs = 4_000;
const silenceMs = 30_000;
const lagBlocksMax = 10;

export function freshness(facts: FreshnessFacts): Freshness {
  if (!facts.connected) {
    const since = facts.lostAtMs ?? facts.nowMs;
    if (facts.nowMs - since < patienceMs) return { state: "connecting", reason: null };
    return {
      state: "stale",
      reason: "The stream of events broke off; this page connects again by itself.",
    };
  }
  if (facts.lagBlocks !== null && facts.lagBlocks > lagBlocksMax) {
    return {
      state: "behind",
      reason: `The index is ${groupDigits(facts.lagBlocks)} blocks behind the chain and catching up.`,
    };
  }
  if (facts.quietSinceMs !== null && facts.nowMs - facts.quietSinceMs > silenceMs) {
    return {
      state: "stale",
      reason: "The connection stands, and no block has come: the chain may have stopped.",
    };
  }
  return { state: "live", reason: null };
}
