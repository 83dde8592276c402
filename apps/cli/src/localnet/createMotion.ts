/** Whether blocks are seen to come, by the height alone: the clock of this machine may be wrong by hours. */
import { stalledMs } from "./stallWatch.ts";

/** To be asked with every height: whether another was seen lately. Undefined before the second. */
export function createMotion(): (
  height: number | null,
  monotonicMs: number,
) => boolean | undefined {
  let seen: number | null = null;
  let movedMs: number | undefined;
  return (height, monotonicMs) => {
    if (height !== null && seen !== null && height !== seen) movedMs = monotonicMs;
    seen = height ?? seen;
    return movedMs === undefined ? undefined : monotonicMs - movedMs <= stalledMs;
  };
}
