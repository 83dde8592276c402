/** What governance has admitted: referees, models, datasets. */
import { index, jsonb, text } from "drizzle-orm/pg-core";
import { chainSchema } from "./chainSchema.ts";
import { count, counter, hex, sum, word } from "./columns.ts";

export const referees = chainSchema.table("referees", {
  id: hex("id").primaryKey(),
  /** Bytes of the module; null when the proposal that brought it is not in the index. */
  size: count("size"),
  height: counter("height").notNull(),
});

/** Proposals of governance wait here until the chain says what became of their messages. */
export const proposedMessages = chainSchema.table("proposed_messages", {
  /** Kind and name of what is proposed, such as "model:genesis". */
  key: text("key").primaryKey(),
  record: jsonb("record").notNull(),
});

export const models = chainSchema.table("models", {
  id: counter("id").primaryKey(),
  name: text("name").notNull(),
  status: word("status").notNull(),
  /** The record as it was registered, bytes in hexadecimal; null when its proposal is not in the index. */
  record: jsonb("record"),
  height: counter("height").notNull(),
});

export const datasets = chainSchema.table(
  "datasets",
  {
    id: counter("id").primaryKey(),
    provider: text("provider").notNull(),
    royaltyAddress: text("royalty_address").notNull(),
    name: text("name").notNull(),
    manifestCid: text("manifest_cid").notNull(),
    root: hex("root").notNull(),
    tokens: sum("tokens").notNull(),
    tokenizerHash: hex("tokenizer_hash").notNull(),
    licence: text("licence").notNull(),
    status: word("status").notNull(),
    height: counter("height").notNull(),
  },
  (table) => [index("datasets_provider").on(table.provider)],
);
