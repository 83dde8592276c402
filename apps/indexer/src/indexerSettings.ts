/** Every setting of the indexer, with its default and its meaning. */
import { logLevels, secretSetting } from "@r3mes/service";
import { z } from "zod";

export const indexerSettings = z.object({
  log: z.object({
    level: z.enum(logLevels).default("info").describe("Least level that is logged."),
  }),
  http: z.object({
    host: z.string().default("127.0.0.1").describe("Address that health and metrics listen on."),
    port: z
      .number()
      .int()
      .min(0)
      .max(65_535)
      .default(8090)
      .describe("Port that health and metrics listen on; 0 is a free one."),
  }),
  chain: z.object({
    rpc: z.url().default("http://127.0.0.1:26657").describe("RPC address of a node."),
  }),
  database: z.object({
    url: secretSetting()
      .optional()
      .describe("PostgreSQL, 15 or later. PGlite belongs to the API, which then indexes itself."),
  }),
  indexer: z.object({
    rebuild: z
      .boolean()
      .default(false)
      .describe("Empties the chain's tables first, to read the chain again; accounts stay."),
    pollMs: z.number().int().min(50).max(60_000).default(500).describe("Between looks for blocks."),
    lagBlocksMax: z
      .number()
      .int()
      .min(1)
      .default(20)
      .describe("Blocks behind the node from which the index counts as not ready."),
  }),
});

export type IndexerSettings = z.output<typeof indexerSettings>;
