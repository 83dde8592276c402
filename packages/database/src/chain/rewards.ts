/** What was minted, what work has earned, and what was paid out; and the beacon that draws who works. */
import { boolean, index, primaryKey, text } from "drizzle-orm/pg-core";
import { chainSchema } from "./chainSchema.ts";
import { count, counter, hex, sum, word } from "./columns.ts";

export const rewardEpochs = chainSchema.table("reward_epochs", {
  epoch: counter("epoch").primaryKey(),
  /** Verified work, in multiply-adds times the pools' emission weights. */
  work: sum("work").notNull(),
  minted: sum("minted").notNull(),
  height: counter("height").notNull(),
});

/** One line of somebody's pay. */
export const credits = chainSchema.table(
  "credits",
  {
    height: counter("height").notNull(),
    index: count("index").notNull(),
    owner: text("owner").notNull(),
    /** "miner", "verifier" or "data_provider": as what it was earned. */
    role: word("role").notNull(),
    submissionId: counter("submission_id").notNull(),
    amount: sum("amount").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.height, table.index] }),
    index("credits_owner").on(table.owner, table.height, table.index),
    index("credits_submission").on(table.submissionId),
  ],
);

export const withdrawals = chainSchema.table(
  "withdrawals",
  {
    height: counter("height").notNull(),
    index: count("index").notNull(),
    owner: text("owner").notNull(),
    amount: sum("amount").notNull(),
    transaction: hex("transaction"),
  },
  (table) => [
    primaryKey({ columns: [table.height, table.index] }),
    index("withdrawals_owner").on(table.owner, table.height, table.index),
  ],
);

/** Running sums of each party in each role. */
export const earnings = chainSchema.table(
  "earnings",
  {
    owner: text("owner").notNull(),
    role: word("role").notNull(),
    credited: sum("credited").notNull(),
    credits: count("credits").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.owner, table.role] }),
    index("earnings_credited").on(table.credited, table.owner, table.role),
  ],
);

/** The epochs of the beacon. */
export const epochs = chainSchema.table("epochs", {
  epoch: counter("epoch").primaryKey(),
  startHeight: counter("start_height").notNull(),
  revealEndHeight: counter("reveal_end_height").notNull(),
  value: hex("value"),
  reveals: count("reveals"),
  missed: count("missed"),
  weak: boolean("weak"),
  finalHeight: counter("final_height"),
});
