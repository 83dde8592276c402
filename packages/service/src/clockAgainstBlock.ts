/**
 * How this machine's clock stands to the newest block of a chain, whose time is that of its validators. An old block says that the clock is
 * ahead, or that the chain stands still: only a second look at the height can tell.
 */

/** A block from so far ahead was made by validators whose clocks are right. */
const behindMsMax = 5_000;
/** No chain that makes blocks leaves so long between two. */
const aheadMsMax = 60_000;

export interface ClockStand {
  readonly stands: "right" | "behind" | "ahead";
  /** How far it is from the block, which is never of this very moment. */
  readonly byMs: number;
}

/** Both in milliseconds since 1970. */
export function clockAgainstBlock(nowMs: number, blockTimeMs: number): ClockStand {
  const aheadMs = nowMs - blockTimeMs;
  const byMs = Math.abs(aheadMs);
  if (aheadMs < -behindMsMax) return { stands: "behind", byMs };
  return { stands: aheadMs > aheadMsMax ? "ahead" : "right", byMs };
}
