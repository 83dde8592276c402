/** What a verifier may be told, beside what every participant is. */
import { backendSetting, stepSettings, withdrawSetting } from "@r3mes/participant/process";
import { z } from "zod";

export const verifierSettings = {
  verify: z.object({
    bondUremes: z
      .number()
      .int()
      .min(0)
      .default(0)
      .describe("Bond to keep, in uremes; 0 is twice the least that the chain takes."),
    ...stepSettings,
    backend: backendSetting,
    withdrawUremes: withdrawSetting,
  }),
} as const;
