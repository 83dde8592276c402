/** In which blocks a participant was fit to work: nothing ailed it then, nor so shortly before that it had not come back to its work. */

/** What keeps a participant from its own work, in the order in which one is named where several do. */
export const ailments = ["kill", "stall", "partition", "disk full", "delay"] as const;
export type Ailment = (typeof ailments)[number];

/** Blocks in which something was owed: those after one height, up to another. */
export interface Window {
  readonly after: bigint;
  readonly until: bigint;
}

export interface Health {
  /** Notes what keeps it from work on the way to the block of this height. */
  ail(height: bigint, ailment: Ailment): void;
  /** Of each window the most blocks in a row in which it was fit, together: a duty that something ends begins anew. */
  fitBlocks(windows: readonly Window[]): number;
  /** What has spoiled most blocks of these windows. */
  mainAilment(windows: readonly Window[]): Ailment | undefined;
}

/**
 * What an ailment spoils when it is over. A life begins with the transactions that the one before left open, which are in the next block,
 * and with a look at its bond; a transaction that left while the link was slow is on its way for up to four seconds.
 */
export const recoveryBlocks = 4n;

export function createHealth(): Health {
  const ailing = new Map<bigint, Ailment>();
  const spoiledBy = (height: bigint): Ailment | undefined => {
    for (let at = height; at >= height - recoveryBlocks; at -= 1n) {
      const ailment = ailing.get(at);
      if (ailment !== undefined) return ailment;
    }
    return undefined;
  };
  const causesIn = ({ after, until }: Window) =>
    Array.from({ length: Math.max(0, Number(until - after)) }, (_, i) =>
      spoiledBy(after + 1n + BigInt(i)),
    );
  return {
    ail(height, ailment) {
      const other = ailing.get(height);
      const isWorse = other !== undefined && ailments.indexOf(other) < ailments.indexOf(ailment);
      if (!isWorse) ailing.set(height, ailment);
    },
    fitBlocks: (windows) => windows.reduce((sum, window) => sum + longestRun(causesIn(window)), 0),
    mainAilment(windows) {
      const spoiled = windows.flatMap(causesIn);
      const blocksOf = (ailment: Ailment) => spoiled.filter((cause) => cause === ailment).length;
      const [main] = ailments.toSorted((one, other) => blocksOf(other) - blocksOf(one));
      return main !== undefined && blocksOf(main) > 0 ? main : undefined;
    },
  };
}

/** Of places where nothing is. */
function longestRun(causes: readonly (Ailment | undefined)[]): number {
  let [run, longest] = [0, 0];
  for (const cause of causes) {
    run = cause === undefined ? run + 1 : 0;
    longest = Math.max(longest, run);
  }
  return longest;
}
