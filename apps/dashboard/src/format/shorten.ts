/** Long names in the middle of a sentence: both ends, since people compare both. */

/** `9f3c41…77ab02`; text that is hardly longer stays whole. */
export function shorten(text: string, head = 8, tail = 6): string {
  return text.length <= head + tail + 3 ? text : `${text.slice(0, head)}…${text.slice(-tail)}`;
}
