/** Blocks, transactions and events as the chain has them, and the cursor up to which everything else holds. */
import { sql } from "drizzle-orm";
import { check, customType, index, jsonb, primaryKey, text } from "drizzle-orm/pg-core";
import { chainSchema } from "./chainSchema.ts";
import { count, counter, hex, sum, tally, word } from "./columns.ts";

const bytea = customType<{ data: Uint8Array; driverData: Uint8Array }>({
  dataType: () => "bytea",
});

/**
 * Number of the last migration of these tables. Whoever writes them says it, and the tables refuse an indexer of an earlier build that
 * still runs: what it does not know of would be missing for good.
 */
export const tablesVersion = 8;

/** One row: the last block that is in the tables. It moves in the transaction that writes the block. */
export const cursor = chainSchema.table(
  "cursor",
  {
    id: count("id").primaryKey(),
    chainId: text("chain_id").notNull(),
    height: counter("height").notNull(),
    hash: hex("hash").notNull(),
    /** Milliseconds since 1970 of the block. */
    timeMs: counter("time_ms").notNull(),
    /** Blocks that were written, and what is in them: to count rows, or to add them up, takes longer with every one. */
    blocks: counter("blocks").notNull().default(0),
    transactions: counter("transactions").notNull().default(0),
    accounts: counter("accounts").notNull().default(0),
    /** In uremes: what was minted for work, credited to somebody, and withdrawn. */
    minted: sum("minted").notNull().default(sql`0`),
    credited: sum("credited").notNull().default(sql`0`),
    withdrawn: sum("withdrawn").notNull().default(sql`0`),
    /** In uremes: what fines took, and what of it was burned. */
    taken: sum("taken").notNull().default(sql`0`),
    burned: sum("burned").notNull().default(sql`0`),
    /** Submissions of which the update was revealed. */
    revealed: counter("revealed").notNull().default(0),
    /** Chunks by their status, audits by their phase, seats by their verdict, cases by their outcome, or "open". */
    chunks: tally("chunks").notNull().default({}),
    audits: tally("audits").notNull().default({}),
    verdicts: tally("verdicts").notNull().default({}),
    cases: tally("cases").notNull().default({}),
    /** Accepted submissions, mature ones among them, by their pool. */
    accepted: tally("accepted").notNull().default({}),
    /** Of the tables, as whoever wrote this knows them. */
    version: count("version").notNull(),
  },
  ({ version }) => [check("cursor_version", sql`${version} = ${sql.raw(String(tablesVersion))}`)],
);

export const blocks = chainSchema.table("blocks", {
  height: counter("height").primaryKey(),
  hash: hex("hash").notNull().unique(),
  timeMs: counter("time_ms").notNull(),
  /** Consensus address of the validator that proposed it. */
  proposer: hex("proposer").notNull(),
  transactions: count("transactions").notNull(),
  events: count("events").notNull(),
  gasUsed: counter("gas_used").notNull(),
});

export const transactions = chainSchema.table(
  "transactions",
  {
    hash: hex("hash").primaryKey(),
    height: counter("height").notNull(),
    index: count("index").notNull(),
    code: count("code").notNull(),
    codespace: text("codespace").notNull(),
    log: text("log").notNull(),
    gasWanted: counter("gas_wanted").notNull(),
    gasUsed: counter("gas_used").notNull(),
    /** In uremes. */
    fee: sum("fee").notNull(),
    payer: text("payer").notNull(),
    memo: text("memo").notNull(),
    messageTypes: text("message_types").array().notNull(),
    /** Messages as [{type, value}], as far as they could be decoded. */
    messages: jsonb("messages").notNull(),
    /** The transaction as it stands in the block. */
    bytes: bytea("bytes").notNull(),
  },
  (table) => [index("transactions_place").on(table.height, table.index)],
);

/** Which transactions an address had a part in. */
export const transactionAccounts = chainSchema.table(
  "transaction_accounts",
  {
    address: text("address").notNull(),
    height: counter("height").notNull(),
    index: count("index").notNull(),
    hash: hex("hash").notNull(),
  },
  (table) => [primaryKey({ columns: [table.address, table.height, table.index] })],
);

/** Typed events of the module, in their order: what the live stream sends and what histories are read from. */
export const events = chainSchema.table(
  "events",
  {
    height: counter("height").notNull(),
    index: count("index").notNull(),
    timeMs: counter("time_ms").notNull(),
    /** What it is about, such as "chunk". */
    kind: word("kind").notNull(),
    /** Name of the message without prefix, such as "ChunkLeased". */
    type: text("type").notNull(),
    /** The transaction that caused it; null for what the block itself did. */
    transaction: hex("transaction"),
    data: jsonb("data").notNull(),
    poolId: counter("pool_id"),
    round: count("round"),
    /** A submission has the number of its lease. */
    submissionId: counter("submission_id"),
    adapterId: counter("adapter_id"),
    caseId: counter("case_id"),
    /** Every address that it names. */
    accounts: text("accounts").array().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.height, table.index] }),
    index("events_kind").on(table.kind, table.height, table.index),
    index("events_round").on(table.poolId, table.round, table.height, table.index),
    index("events_submission").on(table.submissionId, table.height, table.index),
    index("events_adapter").on(table.adapterId, table.height, table.index),
    index("events_case").on(table.caseId, table.height, table.index),
    index("events_accounts").using("gin", table.accounts),
  ],
);

/** Addresses that the chain has named, and since when. */
export const accounts = chainSchema.table("accounts", {
  address: text("address").primaryKey(),
  firstHeight: counter("first_height").notNull(),
});
