/** Every fine of a participant, line by line: what was done, what it is read from, how the amount comes about, where it went. */
import { listAll } from "@r3mes/chain-client";
import { type Case, CaseKind, Fault, type Offence, type Params } from "@r3mes/protocol/messages";
import { outcomeText, placeText } from "./caseText.ts";
import { type ExplainedInquiry, explainInquiry } from "./explainInquiry.ts";
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
  /** What verifiers found about the work, where its miner lost a case. */
  readonly inquiry?: ExplainedInquiry;
  /** Sentences for people. */
  readonly lines: readonly string[];
};

export async function explainSlashes(
  owner: string,
  { query }: Pick<OpenedNetwork, "query">,
): Promise<ExplainedSlash[]> {
  const [offences, { params }] = await Promise.all([
    listAll(query, "offences", { owner }),
    query.params({}),
  ]);
  return Promise.all(
    offences.map(async (offence) => {
      const { caseId } = offence;
      const found = caseId === 0n ? undefined : (await query.case({ id: caseId })).case;
      const isAboutWork = found?.kind === CaseKind.STEP || found?.kind === CaseKind.UPDATE;
      const asked = isAboutWork ? await explainInquiry(found.submissionId, query) : undefined;
      return explain(offence, params?.params, found, asked);
    }),
  );
}

function explain(
  offence: Offence,
  params: Params | undefined,
  proof: Case | undefined,
  asked: Awaited<ReturnType<typeof explainInquiry>>,
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
    ...(asked && { inquiry: asked.inquiry }),
    lines: [
      `${name}, at height ${height}`,
      `evidence  ${evidence} ${subject}`,
      ...(proof === undefined ? [] : [`case      ${caseText(proof)}`]),
      ...(asked?.lines ?? []),
      `taken     ${remesText(taken)} REMES${base}`,
      `went      ${remesText(burned)} burned, ${remesText(awarded)} to whoever showed it, ${remesText(insured)} to the insurance pool`,
    ],
  };
}

function caseText(proof: Case): string {
  const place = placeText(proof);
  const where = place === "" ? "" : `${place}: `;
  return `${proof.id}, brought by ${proof.challenger}: ${where}${outcomeText(proof)}`;
}

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
    name: "a verdict or a digest found wrong",
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
