/** The network at a glance, how far the index has come, and where a search leads. */
import { z } from "zod";
import { adapter } from "./adapters.ts";
import { dispute } from "./disputes.ts";
import { address, amount, hash, height, number, sum64, timeMs } from "./primitives.ts";
import { round } from "./work.ts";

export const status = z
  .object({
    chainId: z.string().nullable().describe("Null before the first block is indexed."),
    indexedHeight: height,
    indexedHash: hash.nullable(),
    indexedTimeMs: timeMs.nullable(),
    chainHeight: height.nullable().describe("Null while the node does not answer."),
    lagBlocks: number.nullable(),
    lagMs: number.nullable().describe("Time of the node's last block less that of the index's."),
    database: z.enum(["pglite", "postgresql"]),
  })
  .meta({ id: "IndexStatus" });

const trainedAdapter = adapter
  .extend({
    miners: z.array(z.object({ miner: address, submissions: number })).describe("Who trained it."),
    attesters: z.array(address).describe("Who vouched for its sum."),
  })
  .meta({ id: "TrainedAdapter" });

export const network = z
  .object({
    indexedHeight: height,
    indexedTimeMs: timeMs.nullable(),
    blocks: number,
    transactions: number,
    accounts: number,
    pools: z.array(
      z.object({
        id: number,
        modelId: number,
        datasetId: number,
        round: number,
        adapters: z.array(trainedAdapter).describe("The last 200 versions, oldest first."),
      }),
    ),
    roundsInFlight: z.array(round),
    chunksByStatus: z.record(z.string(), number),
    auditsByPhase: z.record(z.string(), number),
    verdicts: z.record(z.string(), number),
    casesByOutcome: z.record(z.string(), number).describe("`open` counts those under way."),
    openCases: z.array(dispute),
    revealedUpdates: number.describe("Updates that miners have sent."),
    verifiedWork: sum64.describe("Multiply-adds of accepted submissions."),
    money: z.object({
      minted: amount,
      credited: amount,
      withdrawn: amount,
      taken: amount.describe("By fines."),
      burned: amount.describe("Of fines."),
      budgets: amount.describe("Put into pools."),
      returned: amount.describe("Given back by pools."),
    }),
  })
  .meta({ id: "NetworkSummary" });

export const measures = z
  .object({
    heldOutTokens: number
      .nullable()
      .describe("Predicted tokens of the held-out sample; null if its manifest cannot be had."),
    gradientBytes: sum64
      .nullable()
      .describe("One fp32 gradient of the whole model, which a step would send otherwise."),
    updates: z
      .object({
        sampled: number.describe("Updates whose size is known, of the last 50."),
        bytes: sum64.describe("Of all of them together."),
      })
      .describe("An update is sent once a chunk, for all of its steps."),
  })
  .meta({ id: "PoolMeasures" });

export const searchHit = z
  .object({
    kind: z.enum([
      "block",
      "transaction",
      "account",
      "pool",
      "round",
      "submission",
      "adapter",
      "case",
      "dataset",
      "model",
    ]),
    id: z.string().describe("As the route of that kind takes it."),
    label: z.string(),
  })
  .meta({ id: "SearchHit" });
