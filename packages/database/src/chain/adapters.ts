/** What rounds made. */
import { index, text } from "drizzle-orm/pg-core";
import { chainSchema } from "./chainSchema.ts";
import { count, counter, hex, sum, word } from "./columns.ts";

export const adapters = chainSchema.table(
  "adapters",
  {
    id: counter("id").primaryKey(),
    modelId: counter("model_id").notNull(),
    datasetId: counter("dataset_id").notNull(),
    poolId: counter("pool_id").notNull(),
    round: count("round").notNull(),
    /** Version that it was trained from; 0 is the model's fresh adapter. */
    parentId: counter("parent_id").notNull(),
    root: hex("root").notNull(),
    /** Root of the momenta of the outer step: what the next sum begins with. */
    momentumRoot: hex("momentum_root"),
    cid: text("cid").notNull(),
    /** Loss over the fixed sample of the held-out split, in the units of spec/arithmetic.md. */
    heldOutLoss: sum("held_out_loss").notNull(),
    submissions: count("submissions").notNull(),
    status: word("status").notNull(),
    height: counter("height").notNull(),
    matureHeight: counter("mature_height"),
  },
  (table) => [
    index("adapters_pool").on(table.poolId, table.id),
    index("adapters_root").on(table.root),
    index("adapters_cid").on(table.cid),
  ],
);
