/**
 * What a participant has earned, as three numbers: pending (accepted, still open to challenge), matured (may be withdrawn), paid. The
 * first two are the chain's; what was paid is kept in the journal, since the chain keeps no sum of it for one owner.
 */
import type { Client } from "@connectrpc/connect";
import { type ChainMessage, chainMessage, decodeEvent, type Inclusion } from "@r3mes/chain-client";
import { R3mesError } from "@r3mes/protocol";
import {
  EventRewardWithdrawnSchema,
  MsgWithdrawRewardsSchema,
  type Query,
} from "@r3mes/protocol/messages";
import { foldOlder, type Journal, type JournalRecord, type Logger } from "@r3mes/service";

/** A withdrawal that a block holds. */
interface PaidRecord extends JournalRecord {
  readonly kind: "paid";
  /** Where it is in the chain: the same payment is never counted twice. */
  readonly height: string;
  readonly index: number;
  /** In uremes. */
  readonly amount: string;
}

/** What was paid by withdrawals that nobody can tell of again. */
interface PaidBeforeRecord extends JournalRecord {
  readonly kind: "paidBefore";
  /** In uremes. */
  readonly amount: string;
}

/** A payment is told again only while its transaction is open, and no more are open at once. */
const openPaymentsMax = 64;

/** A rule for what a journal keeps: the newest payments, and the sum of those before. */
export const keepPayments = foldOlder<PaidRecord, PaidBeforeRecord>({
  isOne: isPaid,
  isFolded: isPaidBefore,
  most: openPaymentsMax,
  fold: (older, before) => ({
    kind: "paidBefore",
    amount: String(
      older.reduce((sum, { amount }) => sum + BigInt(amount), BigInt(before?.amount ?? 0)),
    ),
  }),
});

export async function recordPay(
  journal: Journal<JournalRecord>,
  owner: string,
  { height, index, result }: Inclusion,
): Promise<void> {
  const events = result.events.flatMap((e) => decodeEvent(EventRewardWithdrawnSchema, e) ?? []);
  const amount = events
    .filter((event) => event.owner === owner)
    .reduce((sum, event) => sum + event.amount, 0n);
  if (amount === 0n) return;
  const isKnown = journal.records.some(
    (record) => isPaid(record) && record.height === String(height) && record.index === index,
  );
  if (isKnown) return;
  await journal.append({
    kind: "paid",
    height: String(height),
    index,
    amount: String(amount),
  } satisfies PaidRecord);
}

/** Says what was paid so far, in uremes. A journal may be long, so each record is read once. */
export function createPaySum(journal: Pick<Journal<JournalRecord>, "records">): () => bigint {
  let { records } = journal;
  let read = 0;
  let sum = 0n;
  return () => {
    // A journal that was written anew is another list.
    if (records !== journal.records) {
      ({ records } = journal);
      [read, sum] = [0, 0n];
    }
    for (; read < records.length; read += 1) {
      sum += amountOf(records[read] as PaidRecord | PaidBeforeRecord);
    }
    return sum;
  };
}

function amountOf(record: PaidRecord | PaidBeforeRecord): bigint {
  const { kind } = record;
  return kind === "paid" || kind === "paidBefore" ? BigInt(record.amount) : 0n;
}

function isPaid(record: JournalRecord): record is PaidRecord {
  return record.kind === "paid";
}

function isPaidBefore(record: JournalRecord): record is PaidBeforeRecord {
  return record.kind === "paidBefore";
}

export interface WithdrawDeps {
  readonly query: Client<typeof Query>;
  readonly submit: (messages: readonly ChainMessage[]) => Promise<Inclusion>;
  readonly log: Logger;
}

/** Rewards mature at the end of an epoch: whoever has them a few blocks later misses nothing. */
const blocksBetween = 10n;

/** To be asked at every height: says what may be withdrawn, in uremes, as `withdrawMatured` found it of late. */
export function createWithdrawal(
  owner: string,
  atLeast: bigint,
  deps: WithdrawDeps,
): (height: bigint) => Promise<bigint> {
  let [matured, next] = [0n, 0n];
  return async (height) => {
    if (height < next) return matured;
    matured = await withdrawMatured(owner, atLeast, deps);
    next = height + blocksBetween;
    return matured;
  };
}

/** Takes what has matured once it is worth its fee; if that fails, it stays and is tried again. Returns what may be withdrawn now, in uremes. */
export async function withdrawMatured(
  owner: string,
  atLeast: bigint,
  { query, submit, log }: WithdrawDeps,
): Promise<bigint> {
  const { amount } = await query.rewards({ owner });
  if (amount === 0n || amount < atLeast) return amount;
  try {
    await submit([chainMessage(MsgWithdrawRewardsSchema, { owner })]);
    return 0n;
  } catch (error) {
    if (!(error instanceof R3mesError)) throw error;
    log.warn({ error }, "rewards not withdrawn");
    return amount;
  }
}
