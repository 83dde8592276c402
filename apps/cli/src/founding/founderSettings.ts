/** What the founder is told, beside what every participant is. */
import { z } from "zod";
import { datasetNames } from "./genesisPlan.ts";

export const founderSettings = {
  found: z.object({
    localnet: z.string().min(1).describe("Folder of the localnet."),
    remesd: z.string().min(1).describe("The chain's program, by which the validators vote."),
    pools: z
      .number()
      .int()
      .min(1)
      .max(datasetNames.length)
      .describe("How many datasets get a pool."),
  }),
} as const;
