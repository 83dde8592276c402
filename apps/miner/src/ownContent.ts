/** What a miner's store must not lose: the states of work that may still be audited or disputed, and all of its updates. */
import type { Client } from "@connectrpc/connect";
import { R3mesError } from "@r3mes/protocol";
import { type Query, SubmissionStatus } from "@r3mes/protocol/messages";
import type { Journal } from "@r3mes/service";
import { type ContentId, parseContentId } from "@r3mes/storage";
import { isUpdates, isWork, type MinerRecord, openWorkMax } from "./minerRecord.ts";

export interface OwnContentDeps {
  readonly query: Client<typeof Query>;
  readonly journal: Journal<MinerRecord>;
}

const ended: ReadonlySet<SubmissionStatus> = new Set([
  SubmissionStatus.FAULTY,
  SubmissionStatus.MATURE,
  SubmissionStatus.UNCOUNTED,
]);

export async function ownContent({ query, journal }: OwnContentDeps): Promise<ContentId[]> {
  const works = journal.records.filter(isWork);
  const kept = journal.records.filter(isUpdates).flatMap(({ cids }) => cids);
  kept.push(...works.map(({ updateCid }) => updateCid));
  for (const work of works.slice(-openWorkMax)) {
    if (await isOpen(query, BigInt(work.lease))) kept.push(...work.stateCids);
  }
  return kept.map(parseContentId);
}

/** A lease that is not committed yet has no submission and is as open as can be; a settled one is deleted. */
async function isOpen(query: OwnContentDeps["query"], id: bigint): Promise<boolean> {
  try {
    const { submission } = await query.submission({ id });
    return submission !== undefined && !ended.has(submission.status);
  } catch (error) {
    if (!(error instanceof R3mesError) || error.code !== "SUBMISSION_NOT_FOUND") throw error;
    return isLeased(query, id);
  }
}

async function isLeased(query: OwnContentDeps["query"], id: bigint): Promise<boolean> {
  try {
    return (await query.lease({ id })).lease !== undefined;
  } catch (error) {
    if (error instanceof R3mesError && error.code === "LEASE_NOT_FOUND") return false;
    throw error;
  }
}
