/** What a replay found, in lines for people. */
import type { FoundWork } from "./findWork.ts";
import type { CaseReplay } from "./replayCase.ts";
import type { StepReplay } from "./replayStep.ts";
import type { ComparedRoot, Replay } from "./replaySubmission.ts";
import type { AuditReplay, SeatReplay, VerdictReplay } from "./replayVerdicts.ts";

export type Told = {
  readonly equal: boolean;
  readonly lines: readonly string[];
  /** The same for a script. */
  readonly found: object;
};

export function tellSubmission(work: FoundWork, found: Replay): Told {
  return {
    equal: found.equal,
    lines: [titleOf(work), ...linesOf(found)],
    found: { ...found, ...settledOf(work) },
  };
}

export function tellStep(work: FoundWork, found: StepReplay): Told {
  const { step, from, equal } = found;
  const ran =
    from === step
      ? "from the state that its miner published"
      : `after steps ${from} to ${step - 1}`;
  return {
    equal,
    lines: [
      titleOf(work),
      ` step ${step}, run again on this machine${step === 1 ? "" : ` ${ran}`}`,
      ` here     ${found.root}`,
      ` shown    ${found.shown}`,
    ],
    found: { ...found, ...settledOf(work) },
  };
}

export function tellVerdicts(work: FoundWork, found: VerdictReplay): Told {
  return {
    equal: found.equal,
    lines: [titleOf(work), ...found.audits.flatMap(auditLines)],
    found: { ...found, ...settledOf(work) },
  };
}

export function tellCase(found: CaseReplay): Told {
  const { kind, place, outcome, height, tile, submission, sum } = found;
  const ended = height === "0" ? "" : `, at height ${height}`;
  return {
    equal: found.equal,
    lines: [
      `case ${found.case} about a ${kind}${place === "" ? "" : `: ${place}`}`,
      ` ${outcome}${ended}`,
      ...(tile === undefined
        ? []
        : [` here      ${tile.root}`, ` consensus ${tile.executed}`, ` accused   ${tile.stated}`]),
      ...(submission === undefined
        ? []
        : [` no tile was executed; submission ${submission.submission}:`, ...linesOf(submission)]),
      ...(sum === undefined
        ? []
        : [" no tile was executed; the sum, made again:", ...rootLines("adopted", sum)]),
    ],
    found,
  };
}

function titleOf({ submission, lastHeight }: FoundWork): string {
  const { id, chunk, round, poolId } = submission;
  const settled = lastHeight === undefined ? "" : `, settled after height ${lastHeight}`;
  return `submission ${id}  chunk ${chunk}, round ${round} of pool ${poolId}${settled}`;
}

function settledOf({ lastHeight }: FoundWork) {
  return lastHeight === undefined ? {} : { lastHeight: String(lastHeight) };
}

function linesOf({ steps, stepsRoot, update, drawn }: Replay): string[] {
  return [
    ` ${steps} steps, trained again on this machine`,
    ...rootLines("revealed", stepsRoot),
    ...(drawn === undefined
      ? []
      : [` step ${drawn.step}, which the audit drew: ${drawn.equal ? "equal" : "different"}`]),
    ...(update.equal ? [" update   equal"] : [" update", ...rootLines("revealed", update)]),
  ];
}

function rootLines(shown: string, compared: ComparedRoot): string[] {
  return [` here     ${compared.root}`, ` ${shown.padEnd(8)} ${compared.shown}`];
}

function auditLines({ draw, step, fullReplay, verdict, digest, seats }: AuditReplay): string[] {
  const all = fullReplay ? ", and all others" : "";
  return [
    ` draw ${draw + 1}: step ${step}${all}, run again on this machine: ${verdictText(verdict)}`,
    ` digest   ${digest}`,
    ...seats.map((seat) => `  ${seat.verifier}  ${seatText(seat)}`),
  ];
}

function seatText({ verdict, equal }: SeatReplay): string {
  if (equal === undefined) return verdictText(verdict);
  return `${verdictText(verdict)}, ${equal ? "equal" : "different"}`;
}

function verdictText(verdict: SeatReplay["verdict"]): string {
  return {
    none: "revealed nothing",
    valid: "valid",
    invalid: "invalid",
    cannotCheck: "could not check",
    updateInvalid: "update invalid",
  }[verdict];
}
