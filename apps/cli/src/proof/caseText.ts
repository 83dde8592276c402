/** A case in words: what it came down to, and how it ended. */
import { type Case, CaseKind, CaseOutcome, CaseStage } from "@r3mes/protocol/messages";

/** How far the parties narrowed it down, as in "step 5, operation 4, tile 2"; empty while nothing is known. */
export function placeText({ kind, step, operation, claim, round, output }: Case): string {
  const of = ofOther({ kind, round, output });
  if (of === undefined && step === 0) return "";
  const within = of === undefined ? "operation" : "tensor";
  const isAtTile = claim?.stage === CaseStage.EXECUTION;
  const tile = isAtTile ? `, ${within} ${operation}, tile ${claim.index}` : "";
  return `${of ?? `step ${step}`}${tile}`;
}

/** What is disputed, if it is no step. */
function ofOther({ kind, round, output }: Pick<Case, "kind" | "round" | "output">) {
  if (kind === CaseKind.UPDATE) return "update";
  if (kind !== CaseKind.AGGREGATE) return undefined;
  return `sum of round ${round}${output === 1 ? ", momentum" : ""}`;
}

export function outcomeText({ outcome }: Pick<Case, "outcome">): string {
  return outcomes[outcome] ?? "it is not closed";
}

const outcomes: { readonly [outcome in CaseOutcome]?: string } = {
  [CaseOutcome.CONVICTED]: "consensus computed another result than the accused stood by",
  [CaseOutcome.ACQUITTED]: "consensus computed what the accused stood by",
  [CaseOutcome.DEFENDER_SILENT]: "the accused showed nothing until its clock ran out",
  [CaseOutcome.CHALLENGER_SILENT]: "the accuser pursued it no further until its clock ran out",
  [CaseOutcome.MOOT]: "another case about the same work ended it",
  [CaseOutcome.UNDECIDED]: "the referee gave no tile, and nobody lost",
};
