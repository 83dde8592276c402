/**
 * Looks for wrong sums: it makes the sum of every round again that may still be disputed, and challenges what differs, once. The cases
 * themselves are played by whoever follows those of its address. What it has found it writes down first.
 */
import type { Client } from "@connectrpc/connect";
import { type ChainMessage, listAll } from "@r3mes/chain-client";
import { CaseKind, type Query, type Round } from "@r3mes/protocol/messages";
import { type Journal, type JournalRecord, keepAll, keepNewest, type Logger } from "@r3mes/service";
import { createTaskQueue } from "../createTaskQueue.ts";
import { trying } from "../trying.ts";
import { type SumDifference, sumChallengeMessage } from "./checkSum.ts";
import { createOpenRounds } from "./createOpenRounds.ts";

export interface SumWatcherDeps {
  readonly query: Client<typeof Query>;
  readonly journal: Pick<Journal<JournalRecord>, "records" | "append">;
  readonly submit: (messages: readonly ChainMessage[]) => Promise<unknown>;
  /** Which part of a round's adopted sum is wrong. CONTENT_UNAVAILABLE when that cannot be known. */
  readonly check: (round: Round) => Promise<SumDifference>;
  readonly log: Logger;
}

/** What a sum turned out to be. */
interface SumCheckedRecord extends JournalRecord {
  readonly kind: "sumChecked";
  readonly pool: string;
  readonly round: number;
  readonly differs: SumDifference;
}

interface SumDisputedRecord extends JournalRecord {
  readonly kind: "sumDisputed";
  readonly pool: string;
  readonly round: number;
}

/** The sum of a round is open for some blocks, and each pool has one. */
const openSumsMax = 1_024;

/** A rule for what a journal keeps: what was found of the newest sums, and which were challenged. */
export const keepSumChecks = keepAll([
  keepNewest("sumChecked", openSumsMax),
  keepNewest("sumDisputed", openSumsMax),
]);

/** To be called at every height. `address` signs, and pays the bonds. */
export function createSumWatcher(address: string, deps: SumWatcherDeps) {
  const { query, journal, log } = deps;
  const tasks = createTaskQueue();
  const openRounds = createOpenRounds(query);
  // What is asked for was written lately: the journal grows for as long as the watcher runs.
  const find = <Kind extends SumCheckedRecord | SumDisputedRecord>(
    kind: Kind["kind"],
    { poolId, number }: Round,
  ): Kind | undefined =>
    journal.records.findLast(
      (record): record is Kind =>
        record.kind === kind && record.pool === String(poolId) && record.round === number,
    );

  return async (height: bigint): Promise<void> => {
    const mayBeDisputed = ({ sumEndHeight }: Round) => sumEndHeight >= height;
    for (const round of await openRounds(mayBeDisputed)) {
      if (isDone(round)) continue;
      tasks.begin(`sum ${round.poolId} ${round.number}`, () =>
        trying(deps, { duty: "sum" }, () => lookAt(round)),
      );
    }
  };

  function isDone(round: Round): boolean {
    const checked = find<SumCheckedRecord>("sumChecked", round);
    if (checked === undefined) return false;
    return checked.differs === null || find<SumDisputedRecord>("sumDisputed", round) !== undefined;
  }

  async function lookAt(round: Round): Promise<void> {
    const { differs } = find<SumCheckedRecord>("sumChecked", round) ?? (await check(round));
    if (differs === null || (await isOpenAlready(round))) return;
    await deps.submit([sumChallengeMessage(address, round, differs)]);
    const { poolId, number } = round;
    const record: SumDisputedRecord = { kind: "sumDisputed", pool: String(poolId), round: number };
    await journal.append(record);
    log.info({ pool: record.pool, round: number, differs }, "sum challenged");
  }

  async function check(round: Round): Promise<SumCheckedRecord> {
    const record: SumCheckedRecord = {
      kind: "sumChecked",
      pool: String(round.poolId),
      round: round.number,
      differs: await deps.check(round),
    };
    await journal.append(record);
    const { pool, differs } = record;
    const found = differs === null ? "sum is what its updates give" : "sum differs";
    log.info({ pool, round: record.round, differs }, found);
    return record;
  }

  /** A challenge that was filed just before a restart is on the chain and not in the journal. */
  async function isOpenAlready({ poolId, number }: Round): Promise<boolean> {
    const cases = await listAll(query, "cases", { party: address });
    return cases.some(
      (one) => one.kind === CaseKind.AGGREGATE && one.poolId === poolId && one.round === number,
    );
  }
}
