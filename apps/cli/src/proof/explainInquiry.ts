/** What verifiers found about work whose miner lost a case, as long as the chain keeps it: until the round is settled. */
import { listAll } from "@r3mes/chain-client";
import { R3mesError } from "@r3mes/protocol";
import { type Inquiry, WrongPart } from "@r3mes/protocol/messages";
import type { OpenedNetwork } from "./openNetwork.ts";
import { remesText } from "./remesText.ts";

export interface ExplainedInquiry {
  readonly isOpen: boolean;
  readonly workWrong: boolean;
  readonly verdictsWrong: boolean;
  readonly findings: readonly {
    readonly verifier: string;
    readonly part: string;
    /** In uremes. */
    readonly bond: string;
  }[];
}

interface ToldInquiry {
  readonly inquiry: ExplainedInquiry;
  /** Sentences for people. */
  readonly lines: readonly string[];
}

/** Undefined where nobody was asked, or nothing is kept of it any more. */
export async function explainInquiry(
  submissionId: bigint,
  query: OpenedNetwork["query"],
): Promise<ToldInquiry | undefined> {
  const inquiry = await inquiryInto(submissionId, query);
  if (inquiry === undefined) return undefined;
  const { workWrong, verdictsWrong, closeHeight, wholeBond } = inquiry;
  const findings = await listAll(query, "findings", { submissionId });
  return {
    inquiry: {
      isOpen: closeHeight === 0n,
      ...{ workWrong, verdictsWrong },
      findings: findings.map(({ verifier, part, bond }) => {
        return { verifier, part: parts[part] ?? "unknown", bond: String(bond) };
      }),
    },
    lines: [
      ...findings.map(
        ({ verifier, part, bond }) =>
          `found     wrong, ${parts[part] ?? "unknown"}: ${verifier}, with ${remesText(bond)} REMES`,
      ),
      `inquiry   ${decisionText(inquiry)}, of ${remesText(wholeBond)} REMES of all verifiers`,
    ],
  };
}

function decisionText({ closeHeight, endHeight, ...decided }: Inquiry): string {
  const work = decided.workWrong ? "the work is wrong" : undefined;
  const verdicts = decided.verdictsWrong ? "its last audit had to find that" : undefined;
  const so = [work, verdicts].filter((text) => text !== undefined).join(", and ");
  if (closeHeight === 0n) return `open until height ${endHeight}${so === "" ? "" : `: ${so}`}`;
  return `ended at height ${closeHeight}: ${so === "" ? "too few found anything wrong" : so}`;
}

async function inquiryInto(
  id: bigint,
  query: OpenedNetwork["query"],
): Promise<Inquiry | undefined> {
  try {
    return (await query.submission({ id })).submission?.inquiry;
  } catch (error) {
    if (error instanceof R3mesError && error.code === "SUBMISSION_NOT_FOUND") return undefined;
    throw error;
  }
}

const parts: { readonly [part in WrongPart]?: string } = {
  [WrongPart.DRAWN_STEP]: "the drawn step",
  [WrongPart.UPDATE]: "the update",
  [WrongPart.OTHER_STEP]: "another step",
};
