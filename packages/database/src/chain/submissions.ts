/** What miners handed in, who was drawn to check it, and what they found. */
import { boolean, index, primaryKey, text } from "drizzle-orm/pg-core";
import { chainSchema } from "./chainSchema.ts";
import { count, counter, hex, sum, word } from "./columns.ts";

export const submissions = chainSchema.table(
  "submissions",
  {
    id: counter("id").primaryKey(),
    poolId: counter("pool_id").notNull(),
    round: count("round").notNull(),
    chunk: counter("chunk").notNull(),
    miner: text("miner").notNull(),
    status: word("status").notNull(),
    commitment: hex("commitment").notNull(),
    stepsRoot: hex("steps_root"),
    updateRoot: hex("update_root"),
    updateCid: text("update_cid"),
    /** Sum of the training losses, in the units of spec/arithmetic.md. */
    lossSum: sum("loss_sum"),
    late: boolean("late"),
    draws: count("draws").notNull(),
    /** Credited to all for it, in uremes. */
    paid: sum("paid").notNull(),
    /** It is in the sum of its round, whatever becomes of it later. */
    summed: boolean("summed").notNull().default(false),
    /** The result that was adopted, or led when its round was carried over, is made without it: it was disputed by then. */
    leftOut: boolean("left_out").notNull().default(false),
    /** Version whose sum it is in; null if none. */
    adapterId: counter("adapter_id"),
    commitHeight: counter("commit_height").notNull(),
    revealHeight: counter("reveal_height"),
    settleHeight: counter("settle_height"),
    matureHeight: counter("mature_height"),
    commitTransaction: hex("commit_transaction"),
    revealTransaction: hex("reveal_transaction"),
  },
  (table) => [
    index("submissions_round").on(table.poolId, table.round, table.id),
    index("submissions_miner").on(table.miner, table.id),
    index("submissions_status").on(table.status),
    index("submissions_adapter").on(table.adapterId),
  ],
);

/** One draw for one submission. */
export const audits = chainSchema.table(
  "audits",
  {
    submissionId: counter("submission_id").notNull(),
    draw: count("draw").notNull(),
    poolId: counter("pool_id").notNull(),
    round: count("round").notNull(),
    miner: text("miner").notNull(),
    step: count("step").notNull(),
    fullReplay: boolean("full_replay").notNull(),
    /** "opening", "commit", "reveal" or "settled". */
    phase: word("phase").notNull(),
    endHeight: counter("end_height").notNull(),
    drawHeight: counter("draw_height").notNull(),
    openHeight: counter("open_height"),
    settleHeight: counter("settle_height"),
    rootBefore: hex("root_before"),
    rootAfter: hex("root_after"),
    rootFinal: hex("root_final"),
    stateBeforeCid: text("state_before_cid"),
    stateFinalCid: text("state_final_cid"),
    openTransaction: hex("open_transaction"),
  },
  (table) => [
    primaryKey({ columns: [table.submissionId, table.draw] }),
    index("audits_draw_height").on(table.drawHeight, table.submissionId, table.draw),
    index("audits_phase").on(table.phase),
  ],
);

/** One drawn verifier and its verdict. */
export const seats = chainSchema.table(
  "seats",
  {
    submissionId: counter("submission_id").notNull(),
    draw: count("draw").notNull(),
    /** Place in the order drawn, from 0. */
    place: count("place").notNull(),
    verifier: text("verifier").notNull(),
    commitment: hex("commitment"),
    /** "valid", "invalid", "cannot_check", "update_invalid"; null until revealed. */
    verdict: word("verdict"),
    root: hex("root"),
    digest: hex("digest"),
    commitHeight: counter("commit_height"),
    revealHeight: counter("reveal_height"),
    commitTransaction: hex("commit_transaction"),
    revealTransaction: hex("reveal_transaction"),
  },
  (table) => [
    primaryKey({ columns: [table.submissionId, table.draw, table.verifier] }),
    index("seats_verifier").on(table.verifier, table.submissionId, table.draw),
  ],
);
