/** When what a fine is for was owed, read from the events of the chain, and how many blocks of that the duty itself takes. */
import {
  CaseOutcome,
  EventAuditDrawnSchema,
  EventCaseClosedSchema,
  EventCaseMovedSchema,
  EventCaseOpenedSchema,
  EventCommittedSchema,
  EventEpochStartedSchema,
  EventRoundPhaseChangedSchema,
  type EventSlashed,
  EventStepOpenedSchema,
  EventVerdictCommittedSchema,
  Fault,
  RoundPhase,
} from "@r3mes/protocol/messages";
import type { Window } from "./createHealth.ts";
import { eventsOf } from "./eventsOf.ts";
import type { MadeBlock } from "./simulatedNode.ts";

export interface Owed {
  readonly windows: readonly Window[];
  /** Blocks that the duty takes of whoever is fit. */
  readonly workBlocks: number;
}

export interface DutyWindows {
  /** To be told of every block. */
  read(block: MadeBlock): void;
  /** What was owed and not done, for a fine of the block that was read last; undefined if the fine is for a deed. */
  owed(fine: EventSlashed): Owed | undefined;
}

/** A duty is seen at one height, and what is sent then is in the next block or, if that was being made, in the one after. */
const sendBlocks = 2;
/** A content is waited for 12 s at the most; then the step is run, or the verdict is that it cannot be, and is sent. */
const auditBlocks = 12 + sendBlocks;
/** All moves of one side, of which there are four: through steps, operations and tiles to the tile itself. */
const caseBlocks = 4 * sendBlocks;

interface AuditRead {
  readonly seats: number;
  readonly opening: Window;
  commits?: Window;
  readonly committed: Set<string>;
}

interface CaseRead {
  readonly defender: string;
  /** In which blocks it was whose turn. */
  readonly turns: { readonly side: string; readonly after: bigint; until?: bigint }[];
  outcome?: CaseOutcome;
}

export function createDutyWindows(): DutyWindows {
  const epochs = new Map<bigint, Window>();
  const reveals = new Map<string, Window>();
  const roundOf = new Map<bigint, string>();
  const audits = new Map<bigint, AuditRead>();
  const cases = new Map<bigint, CaseRead>();
  let height = 0n;

  function readRounds(block: MadeBlock): void {
    for (const { epoch, revealEndHeight } of eventsOf(block, EventEpochStartedSchema)) {
      epochs.set(epoch, { after: height, until: revealEndHeight });
    }
    for (const { submissionId, poolId, round } of eventsOf(block, EventCommittedSchema)) {
      roundOf.set(submissionId, `${poolId} ${round}`);
    }
    for (const changed of eventsOf(block, EventRoundPhaseChangedSchema)) {
      if (changed.phase !== RoundPhase.REVEAL) continue;
      reveals.set(`${changed.poolId} ${changed.round}`, {
        after: height,
        until: changed.endHeight,
      });
    }
  }

  function readAudits(block: MadeBlock): void {
    for (const { submissionId, verifiers, endHeight } of eventsOf(block, EventAuditDrawnSchema)) {
      const opening = { after: height, until: endHeight };
      audits.set(submissionId, { seats: verifiers.length, opening, committed: new Set() });
    }
    for (const { submissionId, endHeight } of eventsOf(block, EventStepOpenedSchema)) {
      audits.get(submissionId)!.commits = { after: height, until: endHeight };
    }
    for (const { submissionId, verifier } of eventsOf(block, EventVerdictCommittedSchema)) {
      const audit = audits.get(submissionId)!;
      audit.committed.add(verifier);
      // When all are bound, nobody waits for the end of the window.
      if (audit.committed.size === audit.seats) {
        audit.commits = { ...audit.commits!, until: height };
      }
    }
  }

  function readCases(block: MadeBlock): void {
    for (const { caseId, defender } of eventsOf(block, EventCaseOpenedSchema)) {
      cases.set(caseId, { defender, turns: [] });
    }
    for (const { caseId, toMove } of eventsOf(block, EventCaseMovedSchema)) {
      const { turns } = cases.get(caseId)!;
      const last = turns.at(-1);
      if (last !== undefined) last.until = height;
      turns.push({ side: toMove, after: height });
    }
    for (const { caseId, outcome } of eventsOf(block, EventCaseClosedSchema)) {
      cases.get(caseId)!.outcome = outcome;
    }
  }

  function owedVerdict(offender: string, { commits, committed }: AuditRead): Owed {
    const [window, workBlocks] = committed.has(offender)
      ? ([{ after: commits!.until, until: height }, sendBlocks] as const)
      : ([commits!, auditBlocks] as const);
    return { windows: [window], workBlocks };
  }

  return {
    read(block) {
      height = block.height;
      readRounds(block);
      readAudits(block);
      readCases(block);
    },
    owed({ fault, subject, offender, caseId }) {
      if (caseId !== 0n) return owedMoves(cases.get(caseId)!, height);
      const sent = (window: Window): Owed => ({ windows: [window], workBlocks: sendBlocks });
      switch (fault) {
        case Fault.MISSED_BEACON:
          return sent(epochs.get(subject)!);
        case Fault.LATE_REVEAL:
          return sent(reveals.get(roundOf.get(subject)!)!);
        case Fault.NO_REVEAL:
          return sent({ ...reveals.get(roundOf.get(subject)!)!, until: height });
        case Fault.NO_OPENING:
          return sent(audits.get(subject)!.opening);
        case Fault.MISSED_AUDIT:
          return owedVerdict(offender, audits.get(subject)!);
        default:
          return undefined;
      }
    },
  };
}

/** A case that was lost by the clock alone: all turns that the loser's side had. */
function owedMoves({ defender, turns, outcome }: CaseRead, now: bigint): Owed | undefined {
  const isDefender = outcome === CaseOutcome.DEFENDER_SILENT;
  if (!isDefender && outcome !== CaseOutcome.CHALLENGER_SILENT) return undefined;
  const windows = turns
    .filter(({ side }) => (side === defender) === isDefender)
    .map(({ after, until = now }) => ({ after, until }));
  return { windows, workBlocks: caseBlocks };
}
