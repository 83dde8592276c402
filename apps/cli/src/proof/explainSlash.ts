/** Every fine of a participant, line by line: what was done, what it is read from, how the amount comes about, where it went. */
import { allPages } from "@r3mes/chain-client";
import {
  type Case,
  CaseKind,
  CaseOutcome,
  CaseStage,
  Fault,
  type Offence,
  type Params,
} from "@r3mes/protocol/messages";
import type { OpenedNetwork } from "./openNetwork.ts";
import { remesText } from "./remesText.ts";

export type ExplainedSlash = {
  readonly fault: string;
  readonly subject: string;
  readonly height: string;
  readonly taken: string;
  readonly burned: string;
  readonly awarded: string;
  readonly insured: string;
  /** Sentences for people. */
  readonly lines: readonly string[];
};

export async function explainSlashes(
  owner: string,
  { query }: Pick<OpenedNetwork, "query">,
): Promise<ExplainedSlash[]> {
  const [offences, { params }] = await Promise.all([
    allPages(
      (pagination) => query.offences({ owner, pagination }),
      (page) => page.offences,
    ),
    query.params({}),
  ]);
  return Promise.all(
    offences.map(async (offence) => {
      const { caseId } = offence;
      const found = caseId === 0n ? undefined : (await query.case({ id: caseId })).case;
      return explain(offence, params?.params, found);
    }),
  );
}

function explain(
  offence: Offence,
  params: Params | undefined,
  proof: Case | undefined,
): ExplainedSlash {
  const { fault, subject, height, taken, burned, awarded, insured } = offence;
  const { name, evidence, rate } = faults[fault] ?? unknownFault;
  const ppm = params?.slash === undefined ? undefined : rate(params.slash);
  const base = ppm === undefined || ppm === 0 ? "" : baseText(taken, ppm);
  return {
    fault: name,
    subject: String(subject),
    height: String(height),
    taken: String(taken),
    burned: String(burned),
    awarded: String(awarded),
    insured: String(insured),
    lines: [
      `${name}, at height ${height}`,
      `evidence  ${evidence} ${subject}`,
      ...(proof === undefined ? [] : [`case      ${caseText(proof)}`]),
      `taken     ${remesText(taken)} REMES${base}`,
      `went      ${remesText(burned)} burned, ${remesText(awarded)} to whoever showed it, ${remesText(insured)} to the insurance pool`,
    ],
  };
}

function caseText(proof: Case): string {
  const how = outcomes[proof.outcome] ?? "it is not closed";
  return `${proof.id}, brought by ${proof.challenger}: ${placeText(proof)}${how}`;
}

/** How far the parties narrowed it down. */
function placeText({ kind, step, operation, claim, round, output }: Case): string {
  const of = ofOther({ kind, round, output });
  if (of === undefined && step === 0) return "";
  const within = of === undefined ? "operation" : "tensor";
  const isAtTile = claim?.stage === CaseStage.EXECUTION;
  const tile = isAtTile ? `, ${within} ${operation}, tile ${claim.index}` : "";
  return `${of ?? `step ${step}`}${tile}: `;
}

/** What is disputed, if it is no step. */
function ofOther({ kind, round, output }: Pick<Case, "kind" | "round" | "output">) {
  if (kind === CaseKind.UPDATE) return "update";
  if (kind !== CaseKind.AGGREGATE) return undefined;
  return `sum of round ${round}${output === 1 ? ", momentum" : ""}`;
}

const outcomes: { readonly [outcome in CaseOutcome]?: string } = {
  [CaseOutcome.CONVICTED]: "consensus computed another result than the accused stood by",
  [CaseOutcome.ACQUITTED]: "consensus computed what the accused stood by",
  [CaseOutcome.DEFENDER_SILENT]: "the accused showed nothing until its clock ran out",
  [CaseOutcome.CHALLENGER_SILENT]: "the accuser pursued it no further until its clock ran out",
  [CaseOutcome.MOOT]: "another case about the same work ended it",
  [CaseOutcome.UNDECIDED]: "the referee gave no tile, and nobody lost",
};

/** The bond that answered for it follows from the rate, which governance may have changed since. */
function baseText(taken: bigint, ppm: number): string {
  const base = (taken * 1_000_000n) / BigInt(ppm);
  return `: ${ppm / 10_000} % of ${remesText(base)} REMES`;
}

type Rates = NonNullable<Params["slash"]>;

interface FaultText {
  readonly name: string;
  readonly evidence: string;
  readonly rate: (rates: Rates) => number | undefined;
}

const unknownFault: FaultText = { name: "unknown", evidence: "subject", rate: () => undefined };

const faults: { readonly [fault in Fault]?: FaultText } = {
  [Fault.LATE_REVEAL]: {
    name: "a reveal after its window",
    evidence: "submission",
    rate: (rates) => rates.lateRevealPpm,
  },
  [Fault.NO_REVEAL]: {
    name: "a commitment that was never opened",
    evidence: "submission",
    rate: (rates) => rates.noRevealPpm,
  },
  [Fault.NO_OPENING]: {
    name: "a drawn step that was not shown",
    evidence: "submission",
    rate: (rates) => rates.noRevealPpm,
  },
  [Fault.WRONG_STEP]: {
    name: "a step or an update proven wrong",
    evidence: "submission",
    rate: (rates) => rates.wrongStepPpm,
  },
  [Fault.MISSED_AUDIT]: {
    name: "a drawn audit without a verdict",
    evidence: "submission",
    rate: (rates) => rates.missedAuditPpm,
  },
  [Fault.WRONG_VERDICT]: {
    name: "a verdict or a digest proven wrong",
    evidence: "submission",
    rate: (rates) => rates.wrongVerdictPpm,
  },
  [Fault.WRONG_SUM]: {
    name: "an attested sum proven wrong, or not stood by",
    evidence: "case",
    rate: (rates) => rates.wrongVerdictPpm,
  },
  [Fault.MISSED_BEACON]: {
    name: "a beacon commitment that was not opened",
    evidence: "epoch",
    rate: (rates) => rates.missedBeaconPpm,
  },
  [Fault.FALSE_CHALLENGE]: {
    name: "a challenge that was not upheld",
    evidence: "case",
    rate: () => undefined,
  },
};
