/** What a verifier may be told, beside what every participant is. */
import { deviceBackends } from "@r3mes/participant/process";
import { z } from "zod";

export const verifierSettings = {
  verify: z.object({
    bondUremes: z
      .number()
      .int()
      .min(0)
      .default(0)
      .describe("Bond to keep, in uremes; 0 is twice the least that the chain takes."),
    threads: z.number().int().min(1).max(64).default(1).describe("Threads that a step may use."),
    backend: z
      .enum(deviceBackends)
      .default("auto")
      .describe(
        "Kernels: native where they are compiled and exact, else wasm; a GPU only by name, webgpu. The bytes are the same.",
      ),
    memoryMib: z
      .number()
      .int()
      .min(64)
      .default(4_096)
      .describe("Most memory of a prepared step program, in MiB."),
    withdrawUremes: z
      .number()
      .int()
      .min(1)
      .default(1_000_000)
      .describe("Matured rewards are withdrawn from this amount on, in uremes."),
  }),
} as const;
