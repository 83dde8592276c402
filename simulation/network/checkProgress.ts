/** Whether rounds go on, and make a version of what was accepted. */
import {
  type EventRoundPhaseChanged,
  EventRoundPhaseChangedSchema,
  RoundPhase,
} from "@r3mes/protocol/messages";
import type { Health } from "./createHealth.ts";
import { eventsOf } from "./eventsOf.ts";
import type { MadeBlock } from "./simulatedNode.ts";

/** A verifier. */
export interface Summer {
  readonly health: Health;
}

/** No phase of a round, redraws and disputes included, lasts longer. */
const phaseBlocksMax = 600n;

/** An update is waited for 12 s at the most; then it is made, which takes as long as its steps, and the sum is attested. */
const sumBlocks = 16;

/** Says after each block what does not hold, in words. */
export function createProgressCheck(verifiers: readonly Summer[]) {
  /** Of each round that is being summed, since when. */
  const summing = new Map<string, bigint>();
  let changedAt = 0n;

  /** What is accepted is summed, unless something kept a verifier from it whom a quorum may need. */
  function readPhase(height: bigint, { poolId, round, phase }: EventRoundPhaseChanged): string[] {
    const name = nameOf(poolId, round);
    if (phase === RoundPhase.AGGREGATION) summing.set(name, summing.get(name) ?? height);
    const since = summing.get(name);
    if (phase !== RoundPhase.CARRIED_OVER || since === undefined) return [];
    const window = { after: since, until: height };
    const isExplained = verifiers.some(({ health }) => health.fitBlocks([window]) < sumBlocks);
    return isExplained ? [] : [`${name} was summed since height ${since} and made no version`];
  }

  return (block: MadeBlock): string[] => {
    const changes = eventsOf(block, EventRoundPhaseChangedSchema);
    if (changes.length > 0) changedAt = block.height;
    const isLate = block.height - changedAt > phaseBlocksMax;
    const late = [`no round has changed its phase since height ${changedAt}`];
    return [
      ...(isLate ? late : []),
      ...changes.flatMap((change) => readPhase(block.height, change)),
    ];
  };
}

function nameOf(poolId: bigint, round: number): string {
  return `round ${round} of pool ${poolId}`;
}
