/** Whether rounds go on, and make a version of what was accepted. */
import {
  type EventRoundPhaseChanged,
  EventRoundPhaseChangedSchema,
  RoundPhase,
} from "@r3mes/protocol/messages";
import { eventsOf } from "./eventsOf.ts";
import type { MadeBlock } from "./simulatedNode.ts";

/** An honest verifier. */
export interface Summer {
  /** Whether all of it stood still in some of these blocks. */
  readonly stoodStill: (fromHeight: bigint, toHeight: bigint) => boolean;
}

/** No phase of a round, redraws and disputes included, lasts longer. */
const phaseBlocksMax = 600n;

/** Says after each block what does not hold, in words. */
export function createProgressCheck(verifiers: readonly Summer[]) {
  /** Of each round that is being summed, since when. */
  const summing = new Map<string, bigint>();
  let changedAt = 0n;

  /** What is accepted is summed, unless verifiers stood still whom a quorum may need. */
  function summed({ height }: MadeBlock, { poolId, round, phase }: EventRoundPhaseChanged) {
    const name = `round ${round} of pool ${poolId}`;
    if (phase === RoundPhase.AGGREGATION) summing.set(name, summing.get(name) ?? height);
    const since = summing.get(name);
    if (phase !== RoundPhase.CARRIED_OVER || since === undefined) return [];
    const isExplained = verifiers.some(({ stoodStill }) => stoodStill(since, height));
    return isExplained ? [] : [`${name} was summed since height ${since} and made no version`];
  }

  return (block: MadeBlock): string[] => {
    const changes = eventsOf(block, EventRoundPhaseChangedSchema);
    if (changes.length > 0) changedAt = block.height;
    const isLate = block.height - changedAt > phaseBlocksMax;
    return [
      ...(isLate ? [`no round has changed its phase since height ${changedAt}`] : []),
      ...changes.flatMap((change) => summed(block, change)),
    ];
  };
}
