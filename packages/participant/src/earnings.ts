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
  const isKnown = paidRecords(journal).some(
    (paid) => paid.height === String(height) && paid.index === index,
  );
  if (amount === 0n || isKnown) return;
  await journal.append({
    kind: "paid",
    height: String(height),
    index,
    amount: String(amount),
  } satisfies PaidRecord);
}

/** In uremes. */
export function paidSoFar(journal: Journal<JournalRecord>): bigint {
  return paidRecords(journal).reduce((sum, { amount }) => sum + BigInt(amount), 0n);
}

function paidRecords(journal: Journal<JournalRecord>): PaidRecord[] {
  return journal.records.filter((record): record is PaidRecord => record.kind === "paid");
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
