/**
 * A submitter that survives being killed: what it has signed is in a journal before it leaves, and after a restart the same bytes
 * are offered again until a block holds them or they are dead. Nothing is signed twice for one wish.
 */
import { fromHex, toHex } from "@r3mes/protocol";
import type { Journal, JournalRecord } from "@r3mes/service";
import type { ChainMessage } from "./chainMessage.ts";
import {
  createSubmitter,
  type Inclusion,
  type PrepareOptions,
  type SignedTransaction,
  type SubmitterDeps,
  type SubmitterOptions,
} from "./createSubmitter.ts";
import { isEndOfTransaction } from "./isEndOfTransaction.ts";

/** A transaction that was signed and may be on its way. */
export interface SignedRecord extends JournalRecord {
  readonly kind: "signed";
  /** In hex. */
  readonly bytes: string;
  readonly timeout: string;
  readonly signedAt: string;
}

/** The transaction with this timeout is in a block, refused or dead. */
export interface ClosedRecord extends JournalRecord {
  readonly kind: "closed";
  readonly timeout: string;
}

export type TransactionRecord = SignedRecord | ClosedRecord;

export interface DurableSubmitter {
  submit(messages: readonly ChainMessage[], signal?: AbortSignal): Promise<Inclusion>;
  /** Signs for later. The bytes are in no journal but the caller's: a promise to send them is made there. */
  prepare(messages: readonly ChainMessage[], options: PrepareOptions): Promise<SignedTransaction>;
  /** Offers what was prepared until a block holds it. What was offered before, in whatever life, is waited for. */
  offer(signed: SignedTransaction, signal?: AbortSignal): Promise<Inclusion>;
  /** Brings every transaction that a former life left open to its end. Call it once, before anything is decided anew. */
  recover(signal?: AbortSignal): Promise<number>;
}

export interface DurableSubmitterDeps extends Omit<SubmitterDeps, "onSigned"> {
  readonly journal: Journal<JournalRecord>;
  /** Told of every transaction that a block holds, at least once, also of those of a former life. */
  readonly onIncluded?: (inclusion: Inclusion) => Promise<void>;
}

export function createDurableSubmitter(
  options: SubmitterOptions,
  deps: DurableSubmitterDeps,
): DurableSubmitter {
  const { journal } = deps;
  const submitter = createSubmitter(options, {
    ...deps,
    onSigned: (signed) => journal.append(signedRecord(signed)),
  });

  async function close(timeout: bigint): Promise<void> {
    await journal.append({ kind: "closed", timeout: String(timeout) } satisfies ClosedRecord);
  }

  return {
    async submit(messages, signal) {
      const signed = await submitter.sign(messages, signal === undefined ? {} : { signal });
      return finish(signed, signal);
    },
    prepare: submitter.prepare,
    async offer(signed, signal) {
      const inclusion = await submitter.resume(signed, signal);
      await deps.onIncluded?.(inclusion);
      return inclusion;
    },
    async recover(signal) {
      const open = openTransactions(journal.records);
      // At once: each may need a block, and whoever comes back may have to answer within a few.
      const ends = await Promise.allSettled(open.map((signed) => finish(signed, signal)));
      for (const end of ends) {
        // Refused or dead is an end too; what follows is decided from the state of the chain.
        if (end.status === "rejected" && !isEndOfTransaction(end.reason)) throw end.reason;
      }
      return open.length;
    },
  };

  async function finish(signed: SignedTransaction, signal?: AbortSignal): Promise<Inclusion> {
    try {
      const inclusion = await submitter.resume(signed, signal);
      await deps.onIncluded?.(inclusion);
      await close(signed.timeout);
      return inclusion;
    } catch (error) {
      if (isEndOfTransaction(error)) await close(signed.timeout);
      throw error;
    }
  }
}

function signedRecord({ bytes, timeout, signedAt }: SignedTransaction): SignedRecord {
  return {
    kind: "signed",
    bytes: toHex(bytes),
    timeout: String(timeout),
    signedAt: String(signedAt),
  };
}

function openTransactions(records: readonly JournalRecord[]): SignedTransaction[] {
  const closed = new Set(
    records.flatMap((record) => (record.kind === "closed" ? [String(record.timeout)] : [])),
  );
  return records.flatMap((record) => {
    if (record.kind !== "signed" || closed.has(String(record.timeout))) return [];
    const { bytes, timeout, signedAt } = record as SignedRecord;
    return [{ bytes: fromHex(bytes), timeout: BigInt(timeout), signedAt: BigInt(signedAt) }];
  });
}
