/** Who takes part, with which keys, and what answers for the work. */
import { index, primaryKey, text } from "drizzle-orm/pg-core";
import { chainSchema } from "./chainSchema.ts";
import { counter, sum, word } from "./columns.ts";

export const participants = chainSchema.table(
  "participants",
  {
    owner: text("owner").primaryKey(),
    operator: text("operator").notNull(),
    height: counter("height").notNull(),
  },
  (table) => [index("participants_operator").on(table.operator)],
);

export const bonds = chainSchema.table(
  "bonds",
  {
    owner: text("owner").notNull(),
    role: word("role").notNull(),
    amount: sum("amount").notNull(),
    locked: sum("locked").notNull(),
    height: counter("height").notNull(),
  },
  (table) => [primaryKey({ columns: [table.owner, table.role] })],
);

export const unbondings = chainSchema.table(
  "unbondings",
  {
    id: counter("id").primaryKey(),
    owner: text("owner").notNull(),
    role: word("role").notNull(),
    amount: sum("amount").notNull(),
    height: counter("height").notNull(),
    releaseHeight: counter("release_height").notNull(),
    paidHeight: counter("paid_height"),
    /** What was left of it when it was paid; faults may have taken some. */
    paid: sum("paid"),
  },
  (table) => [index("unbondings_owner").on(table.owner, table.id)],
);
