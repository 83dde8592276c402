/**
 * Looks for fraud in the work of others: it trains accepted submissions again, in random order, challenges what differs, and plays its
 * cases to their end. What it has found it writes down first, so that nothing is trained twice and nothing challenged twice.
 */
import type { Client } from "@connectrpc/connect";
import { listAll } from "@r3mes/chain-client";
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
import type { Logger } from "@r3mes/service";
import { createBeside } from "../createBeside.ts";
import { createDutyQueue, type DutyQueue } from "../createDutyQueue.ts";
import { dutiesOf } from "../dutiesOf.ts";
import { trying } from "../trying.ts";
import {
  type CheckedRecord,
  type CheckJournal,
  type EndedRecord,
  keepStateRoots,
} from "./checkRecord.ts";
import type { CaseLoad } from "./createCaseLoad.ts";
import type { CasePlayer } from "./createCasePlayer.ts";
import { createOpenRounds } from "./createOpenRounds.ts";
import { type Check, challengeMessage, querySubmission } from "./replayChunk.ts";

export interface WatcherOptions {
  /** Address that signs, and pays the bonds of cases. */
  readonly address: string;
  /** The one submission to look at; all that may be challenged unless stated. */
  readonly submission?: bigint;
}

export interface WatcherDeps {
  readonly query: Client<typeof Query>;
  readonly journal: CheckJournal;
  /**
   * Brings what training the chunk of a submission again needs of others; what is returned finds what of it is not what training gives.
   * CONTENT_UNAVAILABLE when that cannot be known.
   */
  readonly openCheck: (submission: bigint) => Promise<() => Promise<Check>>;
  readonly cases: CasePlayer;
  /** Opens cases, as many as can be played. */
  readonly load: CaseLoad;
  /** A number from 0 to below its argument. */
  readonly draw: (below: number) => number;
  /** Milliseconds on a scale that only grows. */
  readonly monotonicMs: () => number;
  readonly log: Logger;
}

export interface Watcher {
  /**
   * To be called at every height. True once the one submission was found equal, or nothing can be done any more about what was found.
   *
   * @throws CHALLENGE_WINDOW_CLOSED, SUBMISSION_NOT_FOUND where it can no longer be looked at
   */
  tick(height: bigint): Promise<boolean>;
}

export function createWatcher(options: WatcherOptions, deps: WatcherDeps): Watcher {
  const { query, journal, load, log } = deps;
  // Moves come before checks: whoever finds more frauds than it can prove in time would lose by the clock.
  const queue = createDutyQueue(deps);
  const beside = createBeside(deps);
  const known = createKnown(journal);
  const openRounds = createOpenRounds(query);
  const cases = createFollowedCases(options, deps);

  return {
    async tick(height) {
      await cases.follow();
      await playCases(options, deps, queue);
      if (options.submission !== undefined && (await isDone(query, known, options.submission))) {
        return true;
      }
      beside.begin("looking", () => look(height));
      return false;
    },
  };

  /** What it has found it challenges before it looks for more: a case is open before anything is begun that it might have to wait for. */
  async function look(height: bigint): Promise<void> {
    for (const fraud of await fraudsNotChallenged()) {
      await trying(deps, { duty: "challenge" }, () => challenge(fraud, height));
    }
    await beginCheck(height);
  }

  /** Of what waits any, and none that an open case could not wait for. */
  async function beginCheck(height: bigint): Promise<void> {
    const waiting = (await challengeable()).filter(({ id }) => known.check(id) === undefined);
    const next = waiting[deps.draw(Math.max(1, waiting.length))];
    if (next === undefined || !(await load.bearsCheck(next.poolId, height))) return;
    const open = () => deps.openCheck(next.id);
    queue.beginWith({ name: "check" }, open, (compare) => check(deps, next, compare));
  }

  /** First what may be challenged for the shortest time. */
  async function fraudsNotChallenged(): Promise<Submission[]> {
    const challenged = cases.submissions();
    const frauds = new Set(
      known.frauds().filter((id) => !challenged.has(id) && !known.hasEnded(id)),
    );
    if (frauds.size === 0) return [];
    return (await challengeable())
      .filter(({ id }) => frauds.has(id))
      .sort((a, b) => Number(a.acceptedHeight - b.acceptedHeight));
  }

  async function challenge({ id, poolId }: Submission, height: bigint): Promise<void> {
    if (await waitsForItsCase(id)) return;
    const message = challengeMessage(options.address, id, known.check(id)?.differs);
    const isOpen = await load.open({ submission: id, pool: poolId, message }, height);
    if (isOpen) log.info({ submission: String(id) }, "challenged");
  }

  /** A challenge beside too many others is kept by the chain, and is no case of this address yet. */
  async function waitsForItsCase(id: bigint): Promise<boolean> {
    const cases = await listAll(query, "cases", { submissionId: id });
    return cases.some(({ queue: waiting }) =>
      waiting.some(({ challenger }) => challenger === options.address),
    );
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

/** Cases of one address of which the end is not known yet. */
function createFollowedCases({ address }: WatcherOptions, { query, journal, log }: WatcherDeps) {
  const open = new Map<bigint, Case>();
  return {
    /** What they are about. */
    submissions: (): ReadonlySet<bigint> =>
      new Set([...open.values()].map(({ submissionId }) => submissionId)),
    /** Says how each has ended that has. */
    async follow(): Promise<void> {
      const cases = await listAll(query, "cases", { party: address });
      for (const one of cases) open.set(one.id, one);
      const isOpen = new Set(cases.map(({ id }) => id));
      for (const [id, last] of open) {
        if (isOpen.has(id)) continue;
        const { case: record } = await query.case({ id });
        const outcome = outcomeName(record?.outcome);
        const ended = { case: String(id), ...subjectOf(last), outcome };
        await journal.append({ kind: "caseEnded", ...ended } satisfies EndedRecord);
        open.delete(id);
        log.info(ended, "case ended");
      }
    },
  };
}

/** What it has found it writes down first. */
async function check(
  { journal, monotonicMs, log }: WatcherDeps,
  { id, poolId, miner }: Submission,
  compare: () => Promise<Check>,
): Promise<void> {
  const beganMs = monotonicMs();
  const { differs, stateRoots } = await compare();
  const ms = Math.ceil(monotonicMs() - beganMs);
  const equal = differs === null;
  if (!equal) await keepStateRoots(journal, id, stateRoots);
  await journal.append({
    ...{ kind: "checked", submission: String(id), equal },
    ...{ pool: String(poolId), ms },
    ...(differs === null ? {} : { differs }),
  } satisfies CheckedRecord);
  const found = equal ? "submission is what training gives" : "submission differs";
  log.info({ submission: String(id), miner, equal, differs, ms }, found);
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

/**
 * Whether there is nothing to do about one submission: known before a device is opened for it.
 *
 * @throws as `tick`
 */
export function isDoneWith(
  { query, journal }: Pick<WatcherDeps, "query" | "journal">,
  id: bigint,
): Promise<boolean> {
  return isDone(query, createKnown(journal), id);
}

async function isDone(query: WatcherDeps["query"], known: Known, id: bigint): Promise<boolean> {
  const checked = known.check(id);
  if (checked === undefined) return requireOpen(query, id);
  return checked.equal || known.hasEnded(id) || !(await mayBeChallenged(query, id));
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

type Known = ReturnType<typeof createKnown>;

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
