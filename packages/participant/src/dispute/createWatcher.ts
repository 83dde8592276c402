/**
 * Looks for fraud in the work of others: it trains accepted submissions again, in random order, challenges what differs, and plays its
 * cases to their end. What it has found it writes down first, so that nothing is trained twice and nothing challenged twice.
 */
import type { Client } from "@connectrpc/connect";
import { type ChainMessage, listAll } from "@r3mes/chain-client";
import { R3mesError } from "@r3mes/protocol";
import {
  type Case,
  CaseKind,
  CaseOutcome,
  DutyKind,
  type Query,
  type Round,
  type Submission,
  SubmissionStatus,
} from "@r3mes/protocol/messages";
import {
  foldOlder,
  type Journal,
  type JournalRecord,
  keepAll,
  keepNewest,
  type Logger,
} from "@r3mes/service";
import { createBeside } from "../createBeside.ts";
import { createDutyQueue, type DutyQueue } from "../createDutyQueue.ts";
import { dutiesOf } from "../dutiesOf.ts";
import { trying } from "../trying.ts";
import type { CasePlayer } from "./createCasePlayer.ts";
import { createOpenRounds } from "./createOpenRounds.ts";
import { challengeMessage, type Difference, querySubmission } from "./replayChunk.ts";

export interface WatcherOptions {
  /** Address that signs, and pays the bonds of cases. */
  readonly address: string;
  /** The one submission to look at; all that may be challenged unless stated. */
  readonly submission?: bigint;
}

export interface WatcherDeps {
  readonly query: Client<typeof Query>;
  readonly journal: Pick<Journal<JournalRecord>, "records" | "append">;
  readonly submit: (messages: readonly ChainMessage[]) => Promise<unknown>;
  /**
   * Brings what training the chunk of a submission again needs of others; what is returned finds what of it is not what training gives.
   * CONTENT_UNAVAILABLE when that cannot be known.
   */
  readonly openCheck: (submission: bigint) => Promise<() => Promise<Difference>>;
  readonly cases: CasePlayer;
  /** A number from 0 to below its argument. */
  readonly draw: (below: number) => number;
  readonly log: Logger;
}

export interface Watcher {
  /**
   * To be called at every height. True once the one submission was found equal, or nothing can be done any more about what was found.
   *
   * @throws CHALLENGE_WINDOW_CLOSED, SUBMISSION_NOT_FOUND where it can no longer be looked at
   */
  tick(): Promise<boolean>;
}

/** What a submission turned out to be. */
interface CheckedRecord extends JournalRecord {
  readonly kind: "checked";
  readonly submission: string;
  readonly equal: boolean;
  /** What is not, if it is not equal. */
  readonly differs?: Exclude<Difference, null>;
}

/** A case that was seen to its end, about a submission or about the sum of a round. */
interface EndedRecord extends JournalRecord {
  readonly kind: "caseEnded";
  readonly case: string;
  readonly submission?: string;
  readonly pool?: string;
  readonly round?: number;
  readonly outcome: string;
}

/** How many submissions were looked at of which nothing else is known any more. */
interface CheckedBeforeRecord extends JournalRecord {
  readonly kind: "checkedBefore";
  readonly count: number;
}

/** Whoever trains one chunk at a time looks at no more while one of them may still be challenged. */
const openChecksMax = 4_096;

/** A rule for what a journal keeps: what was found lately, of the honest as of frauds, and how the newest cases ended. */
export const keepChecks = keepAll([
  ...[true, false].map((equal) =>
    foldOlder<CheckedRecord, CheckedBeforeRecord>({
      isOne: (record): record is CheckedRecord => isChecked(record) && record.equal === equal,
      isFolded: isCheckedBefore,
      most: openChecksMax,
      fold: (older, before) => ({
        kind: "checkedBefore",
        count: older.length + (before?.count ?? 0),
      }),
    }),
  ),
  keepNewest("caseEnded", openChecksMax),
]);

/** What a journal knows of one submission; undefined if it was not looked at. */
export function findCheck(records: readonly JournalRecord[], submission: string) {
  const isAbout = (record: JournalRecord) => record.submission === submission;
  const checked = records.findLast((record) => isChecked(record) && isAbout(record));
  if (checked === undefined) return undefined;
  const { equal, differs = null } = checked as CheckedRecord;
  const ended = records.findLast((record) => record.kind === "caseEnded" && isAbout(record));
  const { case: number = null, outcome = null } = (ended ?? {}) as Partial<EndedRecord>;
  return { submission, equal, differs, case: number, outcome };
}

/** How many submissions a journal knows to be looked at. */
export function countChecks(records: readonly JournalRecord[]): number {
  return records.reduce(
    (sum, record) => sum + (isCheckedBefore(record) ? record.count : isChecked(record) ? 1 : 0),
    0,
  );
}

function isChecked(record: JournalRecord): record is CheckedRecord {
  return record.kind === "checked";
}

function isCheckedBefore(record: JournalRecord): record is CheckedBeforeRecord {
  return record.kind === "checkedBefore";
}

export function createWatcher(options: WatcherOptions, deps: WatcherDeps): Watcher {
  const { query, log } = deps;
  // Moves come before checks: whoever finds more frauds than it can prove in time would lose by the clock.
  const queue = createDutyQueue(deps);
  const beside = createBeside(deps);
  const known = createKnown(deps.journal);
  const openRounds = createOpenRounds(query);
  /** By number: cases of this address of which the end is not known yet. */
  const open = new Map<bigint, Case>();

  return {
    async tick() {
      await followCases();
      await playCases(options, deps, queue);
      if (options.submission !== undefined && (await isDone(options.submission))) return true;
      const waiting = (await challengeable()).filter(({ id }) => known.check(id) === undefined);
      const next = waiting[deps.draw(Math.max(1, waiting.length))];
      if (next !== undefined) {
        const open = () => deps.openCheck(next.id);
        queue.beginWith({ name: "check" }, open, (compare) => check(next, compare));
      }
      for (const id of await fraudNotChallenged()) {
        beside.begin(`challenge ${id}`, () =>
          trying(deps, { duty: "challenge" }, () => challenge(id)),
        );
      }
      return false;
    },
  };

  async function isDone(id: bigint): Promise<boolean> {
    const checked = known.check(id);
    if (checked === undefined) return requireOpen(query, id);
    return checked.equal || known.hasEnded(id) || !(await mayBeChallenged(query, id));
  }

  /** Says how a case has ended. */
  async function followCases(): Promise<void> {
    const cases = await listAll(query, "cases", { party: options.address });
    for (const one of cases) open.set(one.id, one);
    const isOpen = new Set(cases.map(({ id }) => id));
    for (const [id, last] of open) {
      if (isOpen.has(id)) continue;
      const { case: record } = await query.case({ id });
      const ended = {
        case: String(id),
        ...subjectOf(last),
        outcome: outcomeName(record?.outcome),
      };
      await deps.journal.append({ kind: "caseEnded", ...ended } satisfies EndedRecord);
      open.delete(id);
      log.info(ended, "case ended");
    }
  }

  async function check(
    { id, miner }: Submission,
    compare: () => Promise<Difference>,
  ): Promise<void> {
    const differs = await compare();
    const equal = differs === null;
    await deps.journal.append({
      kind: "checked",
      submission: String(id),
      equal,
      ...(differs === null ? {} : { differs }),
    } satisfies CheckedRecord);
    const found = equal ? "submission is what training gives" : "submission differs";
    log.info({ submission: String(id), miner, equal, differs }, found);
  }

  async function fraudNotChallenged(): Promise<bigint[]> {
    const challenged = new Set([...open.values()].map(({ submissionId }) => submissionId));
    const frauds = known.frauds().filter((id) => !challenged.has(id) && !known.hasEnded(id));
    if (frauds.length === 0) return [];
    const ids = new Set((await challengeable()).map(({ id }) => id));
    return frauds.filter((id) => ids.has(id));
  }

  async function challenge(id: bigint): Promise<void> {
    await deps.submit([challengeMessage(options.address, id, known.check(id)?.differs)]);
    log.info({ submission: String(id) }, "challenged");
  }

  /** What others have handed in and may still be challenged. */
  async function challengeable(): Promise<Submission[]> {
    const { submission, address } = options;
    const all =
      submission === undefined
        ? await handedIn(query, await openRounds(isUnsettled))
        : [await querySubmission(query, submission)];
    return all.filter((one) => one.miner !== address && isChallengeable(one));
  }
}

/** What the chain asks of a party to a case. An address that mines or verifies as well owes more, of which the numbers are no cases. */
const movesOfCases: ReadonlySet<DutyKind> = new Set([
  DutyKind.POST_TRACE,
  DutyKind.PINPOINT,
  DutyKind.EXECUTE_TILE,
]);

/** Where it is this party's turn, and first where its clock ends first. */
async function playCases(
  { address }: WatcherOptions,
  { query, cases }: WatcherDeps,
  queue: Pick<DutyQueue, "beginWith">,
): Promise<void> {
  for (const { kind, id, endHeight } of await dutiesOf(query, address)) {
    if (!movesOfCases.has(kind)) continue;
    queue.beginWith(
      { name: `case ${id}`, endHeight },
      () => cases.prepare(id),
      async (move) => move?.(),
    );
  }
}

async function handedIn(
  query: WatcherDeps["query"],
  rounds: readonly Round[],
): Promise<Submission[]> {
  const found: Submission[] = [];
  for (const { poolId, number } of rounds) {
    const submissions = await listAll(query, "submissions", { poolId, round: number });
    found.push(...submissions);
  }
  return found;
}

/** Once all are settled the chain keeps the root of the submissions alone. */
function isUnsettled({ submissionsRoot }: Round): boolean {
  return submissionsRoot.length === 0;
}

/** Before it is accepted its auditors look at it, and may open a case by themselves. */
function isChallengeable({ status, acceptedHeight }: Submission): boolean {
  const isOpen = status === SubmissionStatus.ACCEPTED || status === SubmissionStatus.DISPUTED;
  return isOpen && acceptedHeight > 0n;
}

/** Whoever has not looked at it yet waits for its audit, and no longer once that or a case has ended it. */
async function requireOpen(query: WatcherDeps["query"], id: bigint): Promise<false> {
  const { status } = await querySubmission(query, id);
  if (ends.has(status)) throw new R3mesError({ code: "CHALLENGE_WINDOW_CLOSED", submission: id });
  return false;
}

const ends: ReadonlySet<SubmissionStatus> = new Set([
  SubmissionStatus.UNCOUNTED,
  SubmissionStatus.FAULTY,
  SubmissionStatus.MATURE,
]);

async function mayBeChallenged(query: WatcherDeps["query"], id: bigint): Promise<boolean> {
  try {
    return isChallengeable(await querySubmission(query, id));
  } catch (error) {
    // Settled and deleted since it was looked at.
    if (error instanceof R3mesError && error.code === "SUBMISSION_NOT_FOUND") return false;
    throw error;
  }
}

/** What the journal says by submission: each record is read once, and a journal that was written anew is another list. */
function createKnown(journal: WatcherDeps["journal"]) {
  const checks = new Map<string, CheckedRecord>();
  const frauds: bigint[] = [];
  const ended = new Set<string>();
  let { records } = journal;
  let read = 0;
  const upToDate = () => {
    if (records !== journal.records) {
      ({ records } = journal);
      read = 0;
      frauds.length = 0;
      checks.clear();
      ended.clear();
    }
    for (; read < records.length; read += 1) {
      const record = records[read] as CheckedRecord | EndedRecord;
      if (record.kind === "caseEnded" && record.submission !== undefined) {
        ended.add(record.submission);
      }
      if (record.kind !== "checked") continue;
      checks.set(record.submission, record);
      if (!record.equal) frauds.push(BigInt(record.submission));
    }
  };
  return {
    check(id: bigint): CheckedRecord | undefined {
      upToDate();
      return checks.get(String(id));
    },
    frauds(): readonly bigint[] {
      upToDate();
      return frauds;
    },
    hasEnded(id: bigint): boolean {
      upToDate();
      return ended.has(String(id));
    },
  };
}

function subjectOf({ kind, submissionId, poolId, round }: Case) {
  return kind === CaseKind.AGGREGATE
    ? { pool: String(poolId), round }
    : { submission: String(submissionId) };
}

function outcomeName(outcome: CaseOutcome | undefined): string {
  const found = Object.entries(CaseOutcome).find(([, value]) => value === outcome)?.[0];
  return (found ?? "unknown").toLowerCase().replaceAll("_", " ");
}
