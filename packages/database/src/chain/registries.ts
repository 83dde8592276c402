/** What governance has admitted: referees, models, datasets. */
import { index, jsonb, text } from "drizzle-orm/pg-core";
import { chainSchema } from "./chainSchema.ts";
import { count, counter, hex, sum, word } from "./columns.ts";

export const referees = chainSchema.table("referees", {
  id: hex("id").primaryKey(),
  /** Bytes of the module. */
  size: count("size").notNull(),
  height: counter("height").notNull(),
});

export const models = chainSchema.table("models", {
  id: counter("id").primaryKey(),
  name: text("name").notNull(),
  status: word("status").notNull(),
  architecture: text("architecture").notNull(),
  manifestCid: text("manifest_cid").notNull(),
  backboneRoot: hex("backbone_root").notNull(),
  tokenizerHash: hex("tokenizer_hash").notNull(),
  initialAdapterRoot: hex("initial_adapter_root").notNull(),
  initialAdapterCid: text("initial_adapter_cid").notNull(),
  /** The step programs as registered, bytes in hexadecimal. */
  programs: jsonb("programs").notNull(),
  refereeId: hex("referee_id").notNull(),
  targets: text("targets").notNull(),
  licence: text("licence").notNull(),
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
