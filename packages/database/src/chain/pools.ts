/** Funded work: pools, their rounds, the chunks of a round with their leases, and the sum that ends it. */
import { index, integer, primaryKey, text } from "drizzle-orm/pg-core";
import { chainSchema } from "./chainSchema.ts";
import { count, counter, hex, sum, word } from "./columns.ts";

export const pools = chainSchema.table(
  "pools",
  {
    id: counter("id").primaryKey(),
    sponsor: text("sponsor").notNull(),
    modelId: counter("model_id").notNull(),
    datasetId: counter("dataset_id").notNull(),
    program: count("program").notNull(),
    /** Version that the first round starts from; 0 is the model's fresh adapter. */
    parentAdapterId: counter("parent_adapter_id").notNull(),
    localSteps: count("local_steps").notNull(),
    learningRates: integer("learning_rates").array().notNull(),
    density: count("density").notNull(),
    outerMomentum: count("outer_momentum").notNull(),
    outerLearningRate: count("outer_learning_rate").notNull(),
    chunksPerRound: count("chunks_per_round").notNull(),
    rounds: count("rounds").notNull(),
    trainingBlocks: count("training_blocks").notNull(),
    leaseBlocks: count("lease_blocks").notNull(),
    submissionsMin: count("submissions_min").notNull(),
    budget: sum("budget").notNull(),
    returned: sum("returned").notNull(),
    emissionWeightPpm: count("emission_weight_ppm").notNull(),
    status: word("status").notNull(),
    /** The round that is under way, or was last. */
    round: count("round").notNull(),
    /** Version that was adopted last; 0 before the first. */
    adapterId: counter("adapter_id").notNull(),
    height: counter("height").notNull(),
  },
  (table) => [index("pools_dataset").on(table.datasetId), index("pools_model").on(table.modelId)],
);

export const rounds = chainSchema.table(
  "rounds",
  {
    poolId: counter("pool_id").notNull(),
    number: count("number").notNull(),
    phase: word("phase").notNull(),
    /** Version that its chunks start from. */
    adapterId: counter("adapter_id").notNull(),
    openHeight: counter("open_height").notNull(),
    /** Last height of the phase that it is in; 0 if that has none of its own. */
    endHeight: counter("end_height").notNull(),
    trainingHeight: counter("training_height"),
    revealHeight: counter("reveal_height"),
    auditHeight: counter("audit_height"),
    aggregationHeight: counter("aggregation_height"),
    closeHeight: counter("close_height"),
    leases: count("leases").notNull(),
    expired: count("expired").notNull(),
    committed: count("committed").notNull(),
    revealed: count("revealed").notNull(),
    accepted: count("accepted").notNull(),
    /** Version that it made; null if none. */
    resultAdapterId: counter("result_adapter_id"),
  },
  (table) => [
    primaryKey({ columns: [table.poolId, table.number] }),
    index("rounds_open").on(table.openHeight),
  ],
);

/** A chunk of a round that was leased at least once. */
export const chunks = chainSchema.table(
  "chunks",
  {
    poolId: counter("pool_id").notNull(),
    round: count("round").notNull(),
    /** Which chunk of the dataset. */
    chunk: counter("chunk").notNull(),
    /** "leased", "expired", then the status of its submission. */
    status: word("status").notNull(),
    /** The last lease, which is also the number of its submission. */
    leaseId: counter("lease_id").notNull(),
    miner: text("miner").notNull(),
    leases: count("leases").notNull(),
    height: counter("height").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.poolId, table.round, table.chunk] }),
    index("chunks_status").on(table.status),
  ],
);

export const leases = chainSchema.table(
  "leases",
  {
    id: counter("id").primaryKey(),
    poolId: counter("pool_id").notNull(),
    round: count("round").notNull(),
    chunk: counter("chunk").notNull(),
    miner: text("miner").notNull(),
    /** "leased", "expired" or "committed". */
    status: word("status").notNull(),
    height: counter("height").notNull(),
    /** Last height for the commitment. */
    endHeight: counter("end_height").notNull(),
    closeHeight: counter("close_height"),
  },
  (table) => [
    index("leases_chunk").on(table.poolId, table.round, table.chunk, table.id),
    index("leases_miner").on(table.miner, table.id),
  ],
);

export const attestations = chainSchema.table(
  "attestations",
  {
    poolId: counter("pool_id").notNull(),
    round: count("round").notNull(),
    verifier: text("verifier").notNull(),
    root: hex("root").notNull(),
    /** Root of the momenta of the outer step: what the next sum begins with. */
    momentumRoot: hex("momentum_root"),
    cid: text("cid"),
    heldOutLoss: sum("held_out_loss").notNull(),
    bond: sum("bond").notNull(),
    height: counter("height").notNull(),
    transaction: hex("transaction"),
  },
  (table) => [primaryKey({ columns: [table.poolId, table.round, table.verifier] })],
);
