/** Moments as distances from now, and blocks as the time they will take. Exact moments stand in the title. */
import { countText } from "./countText.ts";
import { groupDigits } from "./groupDigits.ts";

const steps = [
  { seconds: 86_400, word: "d" },
  { seconds: 3_600, word: "h" },
  { seconds: 60, word: "min" },
  { seconds: 1, word: "s" },
] as const;

/** What a clock that is behind the chain's makes of a new block is no future. */
const clockDriftS = 10;

/**
 * Of what has happened: `just now`, `12 s ago`, and `in 3 min` where two clocks differ by so much. In milliseconds since 1970.
 */
export function relativeTime(momentMs: number, nowMs: number): string {
  const seconds = Math.round((momentMs - nowMs) / 1000);
  if (seconds > -2 && seconds < clockDriftS) return "just now";
  const text = durationText(Math.abs(seconds));
  return seconds < 0 ? `${text} ago` : `in ${text}`;
}

/** Of what is announced: `in 3 s`, `now`, then how long it is past. In milliseconds since 1970. */
export function announcedTime(momentMs: number, nowMs: number): string {
  const seconds = Math.round((momentMs - nowMs) / 1000);
  if (seconds === 0) return "now";
  return seconds > 0 ? `in ${durationText(seconds)}` : relativeTime(momentMs, nowMs);
}

/** The two largest units of a duration: `2 h 5 min`. */
export function durationText(seconds: number): string {
  const first = steps.findIndex((step) => seconds >= step.seconds);
  const step = steps[first === -1 ? steps.length - 1 : first]!;
  const whole = Math.floor(seconds / step.seconds);
  const next = steps[first + 1];
  const rest = next === undefined ? 0 : Math.floor((seconds % step.seconds) / next.seconds);
  const head = `${whole} ${step.word}`;
  return rest === 0 || next === undefined ? head : `${head} ${rest} ${next.word}`;
}

/** What is left until a height has passed: `14 blocks left, about 14 s`; `0` blocks is `due now`. */
export function blocksLeftText(
  endHeight: number,
  height: number,
  blockSeconds: number | null,
): string {
  const blocks = endHeight - height;
  if (blocks < 0) return `over since height ${groupDigits(endHeight)}`;
  if (blocks === 0) return "due now";
  const count = `${countText(blocks, "block")} left`;
  if (blockSeconds === null) return count;
  return `${count}, about ${durationText(Math.max(1, Math.round(blocks * blockSeconds)))}`;
}
