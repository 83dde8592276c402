/** What a miner shows of its drawn step: roots with one multiproof under the steps root. Source: spec/submission.md, Opening. */
import { buildTree, type Hash, proveSlots, type Sha256 } from "@r3mes/protocol";

export interface StepOpening {
  readonly step: number;
  /** Absent for t = 1, where it follows from the adapter version. */
  readonly rootBefore?: Hash;
  readonly rootAfter: Hash;
  readonly rootFinal: Hash;
  /** Proves the items t - 2, t - 1 and H - 1 of the steps root, each once. */
  readonly siblings: readonly Hash[];
}

/** `stateRoots` are those of t = 1 … H. */
export function openStep(stateRoots: readonly Hash[], step: number, hash?: Sha256): StepOpening {
  const before = stateRoots[step - 2];
  const tree = buildTree(stateRoots, hash === undefined ? {} : { hash });
  return {
    step,
    ...(before === undefined ? {} : { rootBefore: before }),
    rootAfter: stateRoots[step - 1]!,
    rootFinal: stateRoots.at(-1)!,
    siblings: proveSlots(tree, openedItems(stateRoots.length, step)),
  };
}

/** The items of the steps root that an opening shows, ascending. */
export function openedItems(localSteps: number, step: number): number[] {
  const items = new Set([step - 2, step - 1, localSteps - 1]);
  return [...items].filter((item) => item >= 0).sort((a, b) => a - b);
}
