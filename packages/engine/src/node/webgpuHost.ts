/** WebGPU of Node for the backend: the optional package `webgpu`, which finds the drivers of the machine. */
import { readFile } from "node:fs/promises";
import { R3mesError } from "@r3mes/protocol";
import type { Gpu } from "../backends/webgpu/gpu.ts";
import { openGpu, type WebgpuHost } from "../backends/webgpu/host.ts";
import { type GpuClasses, type LookScope, paceWaits } from "./paceWaits.ts";

/** Devices die with the object that made them, so it is kept as long as the process. */
let gpu: Promise<Gpu> | undefined;

export interface NodeWebgpuOptions {
  readonly warn?: WebgpuHost["warn"];
}

export function createNodeWebgpuHost(options: NodeWebgpuOptions = {}): WebgpuHost {
  return {
    async openGpu() {
      gpu ??= loadGpu();
      return openGpu(await gpu);
    },
    readSource: (name) =>
      readFile(new URL(`../kernels/webgpu/${name}.wgsl`, import.meta.url), "utf8"),
    warn: options.warn ?? (() => {}),
  };
}

async function loadGpu(): Promise<Gpu> {
  try {
    const { create, globals } = await import("webgpu");
    paceWaits(globals as GpuClasses, {
      scope: globalThis as unknown as LookScope,
      monotonicMs: () => performance.now(),
      later: setTimeout,
    });
    return create([]) as unknown as Gpu;
  } catch (cause) {
    const reason = "the package webgpu is not installed or does not load";
    throw new R3mesError({ code: "GPU_UNAVAILABLE", reason }, { cause });
  }
}
