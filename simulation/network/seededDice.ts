/** Chance that a seed decides: each purpose has a stream of its own, so that one more throw in one does not change another. */
import type { Randomness } from "@r3mes/service";
import { manualRandomness } from "@r3mes/service/testing";

export interface Dice extends Randomness {
  /** A whole number from 0 to below `count`. */
  below(count: number): number;
  /** True `perMille` times in 1,000. */
  chance(perMille: number): boolean;
  pick<T>(from: readonly T[]): T;
  shuffled<T>(from: readonly T[]): T[];
}

/** Equal words give equal streams. */
export function seededDice(...words: readonly (string | number)[]): Dice {
  const { bytes } = manualRandomness(words.join("/"));
  // One hash gives eight throws.
  let throws: DataView = new DataView(new ArrayBuffer(0));
  let next = 0;
  const below = (count: number) => {
    if (next === throws.byteLength) {
      throws = new DataView(bytes(32).buffer);
      next = 0;
    }
    next += 4;
    return throws.getUint32(next - 4) % count;
  };
  return {
    bytes,
    below,
    chance: (perMille) => below(1_000) < perMille,
    pick: (from) => from[below(from.length)]!,
    shuffled(from) {
      const items = [...from];
      for (let i = items.length - 1; i > 0; i -= 1) {
        const j = below(i + 1);
        [items[i], items[j]] = [items[j]!, items[i]!];
      }
      return items;
    },
  };
}
