/**
 * One shuffle serves queues and draws: it fixes its entries from the left, one at a time, so that a
 * draw of k is the first k entries and a queue can be taken as it is needed.
 */
import { R3mesError } from "../errors/R3mesError.ts";
import { uniform } from "./uniform.ts";

/** The numbers 0 to size - 1 in the order of the seed, one by one; keeps only displaced entries. */
export function* shuffled(seed: Uint8Array, size: number): Generator<number, void, undefined> {
  const displaced = new Map<number, number>();
  for (let i = 0; i < size; i++) {
    const j = i + uniform(seed, BigInt(i), size - i);
    const drawn = displaced.get(j) ?? j;
    displaced.set(j, displaced.get(i) ?? i);
    displaced.delete(i);
    yield drawn;
  }
}

/** `count` different numbers below `size`, in the order drawn. Throws DRAW_TOO_LARGE. */
export function draw(seed: Uint8Array, size: number, count: number): number[] {
  if (!(count <= size)) throw new R3mesError({ code: "DRAW_TOO_LARGE", count, size });
  const order = shuffled(seed, size);
  return Array.from({ length: count }, () => order.next().value as number);
}
