/** How long a block takes of late, by this machine's own clock: what turns a deadline in blocks into a wait in time. */
import type { Clock } from "@r3mes/service";

export interface BlockPace {
  note(height: bigint): void;
  /** Milliseconds from one block to the next; a second before two heights were seen. */
  blockMs(): number;
}

const window = 20;
const beforeAnyMs = 1_000;

export function createBlockPace(clock: Clock): BlockPace {
  const seen: { readonly height: bigint; readonly ms: number }[] = [];
  return {
    note(height) {
      seen.push({ height, ms: clock.monotonicMs() });
      if (seen.length > window) seen.shift();
    },
    blockMs() {
      const [first, last] = [seen[0], seen.at(-1)];
      if (first === undefined || last === undefined || last.height === first.height) {
        return beforeAnyMs;
      }
      return (last.ms - first.ms) / Number(last.height - first.height);
    },
  };
}
