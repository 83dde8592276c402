/** A count with what is counted: `1 chunk`, `1,200 chunks`. */
import { groupDigits } from "./groupDigits.ts";

/** `one` is the word for one of them. */
export function countText(count: number, one: string): string {
  return `${groupDigits(count)} ${count === 1 ? one : `${one}s`}`;
}
