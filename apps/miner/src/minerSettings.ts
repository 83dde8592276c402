/** What a miner may be told, beside what every participant is. */
import { backendSetting, stepSettings, withdrawSetting } from "@r3mes/participant/process";
import { z } from "zod";

export const minerSettings = {
  mine: z.object({
    pool: z.number().int().min(1).optional().describe("The one pool to work for; else the best."),
    slots: z
      .number()
      .int()
      .min(1)
      .max(64)
      .default(6)
      .describe("Submissions that may be open to challenge at once; each locks a bond."),
    leases: z
      .number()
      .int()
      .min(1)
      .max(64)
      .default(2)
      .describe("Chunks that may be leased at once: one is trained while another is committed."),
    ...stepSettings,
    backend: backendSetting,
    withdrawUremes: withdrawSetting,
  }),
} as const;
