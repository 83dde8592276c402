/** What a challenger may be told, beside what every participant is. */
import { z } from "zod";

export const challengerSettings = {
  challenge: z.object({
    threads: z.number().int().min(1).max(64).default(1).describe("Threads that a step may use."),
    memoryMib: z
      .number()
      .int()
      .min(64)
      .default(4_096)
      .describe("Most memory of a prepared step program, in MiB."),
  }),
} as const;
