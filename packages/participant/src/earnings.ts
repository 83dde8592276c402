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
import type { Journal, JournalRecord, Logger } from "@r3mes/service";

/** A withdrawal that a block holds. */
interface PaidRecord extends JournalRecord {
  readonly kind: "paid";
  /** Where it is in the chain: the same payment is never counted twice. */
  readonly height: string;
  readonly index: number;
  /** In uremes. */
  readonly amount: string;
}

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

/** Says what was paid so far, in uremes. The journal grows for as long as its owner lives, so each record is read once. */
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
      const record = records[read]!;
      if (isPaid(record)) sum += BigInt(record.amount);
    }
    return sum;
  };
}

function isPaid(record: JournalRecord): record is PaidRecord {
  return record.kind === "paid";
}

export interface WithdrawDeps {
  readonly query: Client<typeof Query>;
  readonly submit: (messages: readonly ChainMessage[]) => Promise<Inclusion>;
  readonly log: Logger;
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
