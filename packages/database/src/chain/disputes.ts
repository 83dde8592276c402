/** Disputes move by move, and what faults cost. */
import { index, jsonb, primaryKey, text } from "drizzle-orm/pg-core";
import { chainSchema } from "./chainSchema.ts";
import { count, counter, hex, sum, word } from "./columns.ts";

export const cases = chainSchema.table(
  "cases",
  {
    id: counter("id").primaryKey(),
    kind: word("kind").notNull(),
    submissionId: counter("submission_id"),
    poolId: counter("pool_id"),
    round: count("round"),
    /** The disputed step; null until it is found. */
    step: count("step"),
    defender: text("defender").notNull(),
    challenger: text("challenger").notNull(),
    stage: word("stage"),
    /** Who must move; null when the case is over. */
    toMove: text("to_move"),
    blocksLeft: count("blocks_left"),
    /** What the stages have found so far: step, operation, output, tile, as far as they are closed. */
    found: jsonb("found").notNull(),
    outcome: word("outcome"),
    /** Hash of the tile that consensus computed; null when none was executed. */
    executedHash: hex("executed_hash"),
    openHeight: counter("open_height").notNull(),
    closeHeight: counter("close_height"),
    openTransaction: hex("open_transaction"),
    closeTransaction: hex("close_transaction"),
  },
  (table) => [
    index("cases_submission").on(table.submissionId),
    index("cases_round").on(table.poolId, table.round, table.id),
    index("cases_outcome").on(table.outcome),
    index("cases_defender").on(table.defender),
    index("cases_challenger").on(table.challenger),
  ],
);

/** What the parties sent, in order: the evidence. */
export const caseMoves = chainSchema.table(
  "case_moves",
  {
    caseId: counter("case_id").notNull(),
    height: counter("height").notNull(),
    index: count("index").notNull(),
    /** Name of the message without prefix, such as "PostTrace". */
    type: text("type").notNull(),
    signer: text("signer").notNull(),
    /** The message, bytes in hexadecimal. */
    data: jsonb("data").notNull(),
    transaction: hex("transaction").notNull(),
  },
  (table) => [primaryKey({ columns: [table.caseId, table.height, table.index] })],
);

/** A fault about one subject is recorded, and fined, once. */
export const offences = chainSchema.table(
  "offences",
  {
    height: counter("height").notNull(),
    index: count("index").notNull(),
    fault: word("fault").notNull(),
    /** Submission, case or epoch that it concerns. */
    subject: counter("subject").notNull(),
    offender: text("offender").notNull(),
    taken: sum("taken").notNull(),
    burned: sum("burned").notNull(),
    awarded: sum("awarded").notNull(),
    insured: sum("insured").notNull(),
    /** The dispute that proved it; null for a silence that nobody had to challenge. */
    caseId: counter("case_id"),
    transaction: hex("transaction"),
  },
  (table) => [
    primaryKey({ columns: [table.height, table.index] }),
    index("offences_offender").on(table.offender, table.height, table.index),
  ],
);
