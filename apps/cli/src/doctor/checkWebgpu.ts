/**
 * Which GPUs WebGPU offers. The driver is native code that may crash or hang, so that a process of
 * its own asks it. No GPU is no fault: the CPU kernels give the same bytes.
 */
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { type Check, ok, warn } from "./check.ts";
import type { ProbedAdapters } from "./probeWebgpu.ts";

const answerWithinMs = 30_000;
const probe = join(import.meta.dirname, "probeWebgpu.ts");

export async function checkWebgpu(): Promise<Check> {
  const remedy =
    "Training runs on the CPU. To use a GPU, install its Vulkan driver, then run this again.";
  try {
    const options = { timeout: answerWithinMs, killSignal: "SIGKILL" } as const;
    const { stdout } = await promisify(execFile)(process.execPath, [probe], options);
    const adapters = JSON.parse(stdout) as ProbedAdapters;
    if (adapters === null) return warn("webgpu", "the package webgpu is not installed", remedy);
    if (adapters.length === 0) return warn("webgpu", "no adapter", remedy);
    return ok("webgpu", adapters.join(", "));
  } catch (error) {
    const { killed, signal, code } = error as {
      readonly killed?: boolean;
      readonly signal?: string;
      readonly code?: number;
    };
    const ending = killed ? "does not answer" : `ended with ${signal ?? `exit code ${code}`}`;
    return warn("webgpu", `the GPU driver ${ending}`, remedy);
  }
}
