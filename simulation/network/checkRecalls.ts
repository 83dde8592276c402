/** Versions are recalled for what is wrong in them, and for nothing else: not for how somebody played a case. */
import {
  AdapterStatus,
  CaseKind,
  CaseOutcome,
  EventAdapterStatusChangedSchema,
  EventCaseClosedSchema,
  EventCaseOpenedSchema,
  EventInquiryClosedSchema,
  EventInquiryOpenedSchema,
  EventSubmissionChangedSchema,
  SubmissionStatus,
} from "@r3mes/protocol/messages";
import type { Health, Window } from "./createHealth.ts";
import { eventsOf } from "./eventsOf.ts";
import type { JudgedVersion } from "./judgeVersions.ts";
import type { MadeBlock } from "./simulatedNode.ts";

/** A verifier. */
export interface Inquirer {
  readonly health: Health;
}

export interface RecallCheck {
  /** What does not hold after this block, in words; `adopted` are its versions. */
  after(block: MadeBlock, adopted: readonly JudgedVersion[]): string[];
  /** What does not hold when all is over. */
  atEnd(): string[];
}

/** States are waited for 12 s at the most; then a step and the chunk are run, and what was found is sent. */
const inquiryBlocks = 18;

export function createRecallCheck(verifiers: readonly Inquirer[]): RecallCheck {
  const versions = new Map<bigint, JudgedVersion>();
  const recalled = new Set<bigint>();
  const convicted = new Set<bigint>();
  /** Cases about sums, and the sums that such a case has shown to be wrong, by their rounds. */
  const sumCases = new Map<bigint, string>();
  const wrongSums = new Set<string>();
  const inquiries = new Map<bigint, Window>();

  function read(block: MadeBlock): void {
    const { height } = block;
    for (const { submissionId, status } of eventsOf(block, EventSubmissionChangedSchema)) {
      if (status === SubmissionStatus.FAULTY) convicted.add(submissionId);
    }
    for (const { caseId, kind, poolId, round } of eventsOf(block, EventCaseOpenedSchema)) {
      if (kind === CaseKind.AGGREGATE) sumCases.set(caseId, nameOf({ poolId, round }));
    }
    for (const { caseId, outcome } of eventsOf(block, EventCaseClosedSchema)) {
      const sum = sumCases.get(caseId);
      if (sum !== undefined && convicting.has(outcome)) wrongSums.add(sum);
    }
    for (const { submissionId, endHeight } of eventsOf(block, EventInquiryOpenedSchema)) {
      inquiries.set(submissionId, { after: height, until: endHeight });
    }
    for (const { submissionId } of eventsOf(block, EventInquiryClosedSchema)) {
      inquiries.set(submissionId, { ...inquiries.get(submissionId)!, until: height });
    }
  }

  /** Something in it, or in one that it was trained from, was shown to be wrong. */
  function isTainted(id: bigint): boolean {
    const version = versions.get(id);
    if (version === undefined) return false;
    const isWrong = wrongSums.has(nameOf(version)) || convictedIn(version).length > 0;
    return isWrong || isTainted(version.parentId);
  }

  function convictedIn({ wrong }: JudgedVersion): bigint[] {
    return wrong.filter((id) => convicted.has(id));
  }

  /** More than half of the bond has to find it in time, and each verifier may be of that half. */
  function isExcused(submission: bigint): boolean {
    const window = inquiries.get(submission);
    if (window === undefined) return false;
    return verifiers.some(({ health }) => health.fitBlocks([window]) < inquiryBlocks);
  }

  return {
    after(block, adopted) {
      for (const version of adopted) versions.set(version.id, version);
      read(block);
      return eventsOf(block, EventAdapterStatusChangedSchema).flatMap(({ adapterId, status }) => {
        if (status !== AdapterStatus.RECALLED) return [];
        recalled.add(adapterId);
        return isTainted(adapterId) ? [] : [`version ${adapterId} is right and was recalled`];
      });
    },
    atEnd: () =>
      [...versions.values()].flatMap((version) => {
        if (recalled.has(version.id)) return [];
        return convictedIn(version)
          .filter((submission) => !isExcused(submission))
          .map((submission) => `version ${version.id} was not recalled for ${submission}`);
      }),
  };
}

const convicting: ReadonlySet<CaseOutcome> = new Set([
  CaseOutcome.CONVICTED,
  CaseOutcome.DEFENDER_SILENT,
]);

function nameOf({ poolId, round }: { readonly poolId: bigint; readonly round: number }): string {
  return `${poolId} ${round}`;
}
