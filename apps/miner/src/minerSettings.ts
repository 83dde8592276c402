/** What a miner may be told, beside what every participant is. */
import { deviceBackends } from "@r3mes/participant/process";
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
    threads: z
      .number()
      .int()
      .min(1)
      .max(64)
      .default(1)
      .describe("Threads that a training step may use."),
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
      .describe(
        "Most memory of a prepared step program, in MiB; a pool that needs more is refused.",
      ),
    withdrawUremes: z
      .number()
      .int()
      .min(1)
      .default(1_000_000)
      .describe("Matured rewards are withdrawn from this amount on, in uremes."),
  }),
} as const;
