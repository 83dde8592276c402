/**
 * Whether this process has seen its heights in time of late. Nobody has to contribute to the beacon, and whoever has promised a secret
 * and opens it late is fined: a machine that is too busy to be in time promises nothing, and neither does a process that has only just
 * come back, since what ended it may end it again.
 */

export interface Punctuality {
  /** To be asked at every height that is seen. */
  isPunctual(height: bigint): boolean;
}

/** Blocks that may pass unseen without harm. */
const missedMax = 2n;
/** How long one delay counts. */
const doubtBlocks = 16n;

/** `isBack` says that the process has promised secrets in a former life. */
export function createPunctuality(isBack: boolean): Punctuality {
  let last: bigint | undefined;
  let doubtUntil = 0n;
  return {
    isPunctual(height) {
      if (last === undefined && isBack) doubtUntil = height + doubtBlocks;
      if (last !== undefined && height - last > missedMax + 1n) doubtUntil = height + doubtBlocks;
      last = height;
      return height >= doubtUntil;
    },
  };
}
