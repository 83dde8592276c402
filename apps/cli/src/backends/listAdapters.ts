/**
 * The GPUs that WebGPU offers here. The driver is native code that may crash or hang, so that a process of
 * its own asks it.
 */
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import type { ProbedAdapters } from "./probeWebgpu.ts";

const answerWithinMs = 30_000;
const probe = join(import.meta.dirname, "probeWebgpu.ts");

/** Names of the adapters, or null without the optional package. Throws what ended the process. */
export async function listAdapters(): Promise<ProbedAdapters> {
  const options = { timeout: answerWithinMs, killSignal: "SIGKILL" } as const;
  const { stdout } = await promisify(execFile)(process.execPath, [probe], options);
  return JSON.parse(stdout) as ProbedAdapters;
}

/** True if a GPU answered; a driver that ends in any other way is no GPU. */
export async function hasGpu(): Promise<boolean> {
  const adapters = await listAdapters().catch(() => null);
  return (adapters ?? []).length > 0;
}
