/** Whether rounds go on, and make a version of what was accepted. */
import {
  CaseKind,
  CaseOutcome,
  EventCaseClosedSchema,
  EventCaseOpenedSchema,
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
  const wrongWork = createWrongWork();
  /** What does not hold of a round, unless its cases find that work is wrong which was to be summed. */
  const open = new Map<string, string>();
  let changedAt = 0n;

  /** What is accepted is summed, unless something kept a verifier from it whom a quorum may need. */
  function readPhase(height: bigint, { poolId, round, phase }: EventRoundPhaseChanged): void {
    const name = nameOf(poolId, round);
    if (phase === RoundPhase.AGGREGATION) summing.set(name, summing.get(name) ?? height);
    const since = summing.get(name);
    if (phase !== RoundPhase.CARRIED_OVER || since === undefined) return;
    const window = { after: since, until: height };
    const isExplained = verifiers.some(({ health }) => health.fitBlocks([window]) < sumBlocks);
    if (isExplained) return;
    open.set(name, `${name} was summed since height ${since} and made no version`);
  }

  /** A ring may have vouched for work that nobody else saw: whoever sums it finds it wrong, and there is no sum without it. */
  function settled(): string[] {
    return [...open].flatMap(([name, failure]) => {
      const isWrong = wrongWork.isFound(name);
      if (!isWrong && wrongWork.isDisputed(name)) return [];
      open.delete(name);
      return isWrong ? [] : [failure];
    });
  }

  return (block: MadeBlock): string[] => {
    const changes = eventsOf(block, EventRoundPhaseChangedSchema);
    if (changes.length > 0) changedAt = block.height;
    const isLate = block.height - changedAt > phaseBlocksMax;
    wrongWork.read(block, (name) => summing.has(name));
    for (const change of changes) readPhase(block.height, change);
    const late = [`no round has changed its phase since height ${changedAt}`];
    return [...(isLate ? late : []), ...settled()];
  };
}

/** Which rounds have cases about their work, and in which of them it turned out to be wrong while it was summed, or later. */
function createWrongWork() {
  const cases = new Map<bigint, string>();
  const found = new Set<string>();
  return {
    isFound: (round: string) => found.has(round),
    isDisputed: (round: string) => [...cases.values()].includes(round),
    read(block: MadeBlock, isSummed: (round: string) => boolean): void {
      for (const { caseId, kind, poolId, round } of eventsOf(block, EventCaseOpenedSchema)) {
        if (kind !== CaseKind.AGGREGATE) cases.set(caseId, nameOf(poolId, round));
      }
      for (const { caseId, outcome } of eventsOf(block, EventCaseClosedSchema)) {
        const round = cases.get(caseId);
        cases.delete(caseId);
        if (round !== undefined && isSummed(round) && lost.has(outcome)) found.add(round);
      }
    },
  };
}

/** By the defender of the work. */
const lost: ReadonlySet<CaseOutcome> = new Set([
  CaseOutcome.CONVICTED,
  CaseOutcome.DEFENDER_SILENT,
]);

function nameOf(poolId: bigint, round: number): string {
  return `round ${round} of pool ${poolId}`;
}
