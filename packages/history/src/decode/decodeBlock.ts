/** A followed block as what the tables need of it. Pure: the same block gives the same result wherever it is read. */
import type { DescMessage, Message } from "@bufbuild/protobuf";
import { decodeEvent, type ExecutionResult, type FollowedBlock } from "@r3mes/chain-client";
import { toHex } from "@r3mes/protocol";
import type { Any } from "cosmjs-types/google/protobuf/any";
import { type DecodedTransaction, decodeTransaction } from "./decodeTransaction.ts";
import { type EventKind, eventKind, eventName, eventSchemas } from "./eventTypes.ts";
import { type PlainRecord, plainMessage } from "./plainMessage.ts";

export type DecodedEvent = {
  /** Place among the module's events of the block, from 0. */
  readonly index: number;
  readonly kind: EventKind;
  readonly name: string;
  readonly schema: DescMessage;
  readonly message: Message;
  readonly data: PlainRecord;
  /** Hash of the transaction that caused it; null for what the block itself did. */
  readonly transaction: string | null;
  /** The message that caused it, if that can be told. */
  readonly cause: Pick<Any, "typeUrl" | "value"> | null;
};

export type BlockTransaction = DecodedTransaction & {
  readonly index: number;
  readonly bytes: Uint8Array;
  readonly result: ExecutionResult;
};

export type DecodedBlock = {
  readonly height: number;
  readonly hash: string;
  readonly parentHash: string;
  readonly proposer: string;
  readonly timeMs: number;
  readonly transactions: readonly BlockTransaction[];
  /** Those of the transactions in their order, then those of the block itself. */
  readonly events: readonly DecodedEvent[];
};

type Raw = Pick<DecodedEvent, "transaction" | "cause"> & {
  readonly event: ExecutionResult["events"][number];
};

export function decodeBlock(block: FollowedBlock): DecodedBlock {
  const transactions = block.transactions.map(({ bytes, result }, index) => ({
    ...decodeTransaction(bytes),
    index,
    bytes,
    result,
  }));
  // A transaction that failed has changed nothing; the events of its fee are the SDK's, not the module's.
  const ofTransactions = transactions
    .filter(({ result }) => result.code === 0)
    .flatMap(({ hash, messages, result }) =>
      result.events.map(
        (event): Raw => ({ event, transaction: hash, cause: causeOf(event, messages) }),
      ),
    );
  const ofBlock = block.blockEvents.map(
    (event): Raw => ({ event, transaction: null, cause: null }),
  );
  return {
    height: Number(block.height),
    hash: toHex(block.hash),
    parentHash: toHex(block.parentHash),
    proposer: toHex(block.proposer),
    timeMs: Number(block.time / 1_000_000n),
    transactions,
    events: [...ofTransactions, ...ofBlock].flatMap(decode).map((event, index) => ({
      ...event,
      index,
    })),
  };
}

function causeOf({ attributes }: Raw["event"], messages: DecodedTransaction["messages"]) {
  const index = attributes.find(({ key }) => key === "msg_index")?.value;
  return index === undefined ? null : (messages[Number(index)] ?? null);
}

function decode({ event, transaction, cause }: Raw): readonly Omit<DecodedEvent, "index">[] {
  const schema = eventSchemas.get(event.type);
  const message = schema && decodeEvent(schema, event);
  if (schema === undefined || message === undefined) return [];
  const name = eventName(schema);
  const data = plainMessage(schema, message);
  return [{ kind: eventKind(name), name, schema, message, data, transaction, cause }];
}
