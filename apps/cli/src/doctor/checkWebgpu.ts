/** Which GPUs WebGPU offers. No GPU is no fault: the CPU kernels give the same bytes. */
import { listAdapters } from "../backends/listAdapters.ts";
import { type Check, ok, warn } from "./check.ts";

export async function checkWebgpu(): Promise<Check> {
  const remedy =
    "Training runs on the CPU. To use a GPU, install its Vulkan driver, then run this again.";
  try {
    const adapters = await listAdapters();
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
