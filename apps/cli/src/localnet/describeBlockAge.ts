/**
 * How long ago the newest block was made, or what is wrong where that cannot be: a block from the future says that this machine's clock is
 * behind, and an old one that it is ahead, or that the chain stands still. Which of the two, only a second look at the height can tell.
 */
import { describeDuration } from "../describeDuration.ts";
import { stalledMs } from "./stallWatch.ts";

export type BlockAge = { readonly text: string; readonly isOdd: boolean };

/** `isMoving` says whether a new height was seen lately; undefined if nobody has looked twice. */
export function describeBlockAge(ageMs: number, isMoving: boolean | undefined): BlockAge {
  const odd = (text: string): BlockAge => ({ text, isOdd: true });
  if (ageMs < -stalledMs) return odd(clockText(-ageMs, "behind"));
  if (ageMs <= stalledMs) {
    const seconds = (Math.max(0, ageMs) / 1_000).toFixed(1);
    return { text: `block ${seconds} s ago`, isOdd: false };
  }
  if (isMoving === true) return odd(clockText(ageMs, "ahead of"));
  return odd(`block ${describeDuration(ageMs)} ago`);
}

function clockText(ms: number, where: "behind" | "ahead of"): string {
  return `this machine's clock is ${describeDuration(ms)} ${where} the chain's`;
}
