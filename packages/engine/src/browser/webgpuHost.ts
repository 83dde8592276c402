/** WebGPU of a browser for the backend: `navigator.gpu`, and the kernels' text beside this module. */
import { R3mesError } from "@r3mes/protocol";
import type { Gpu } from "../backends/webgpu/gpu.ts";
import { openGpu, type WebgpuHost } from "../backends/webgpu/host.ts";

export interface BrowserWebgpuOptions {
  readonly warn?: WebgpuHost["warn"];
  /** Address of the folder of the .wgsl files, with a slash at its end; a bundled page must give it. */
  readonly kernels?: string | URL;
}

/** Held apart from `new URL`, which bundlers would take for the address of one file. */
const here = import.meta.url;

export function createBrowserWebgpuHost(options: BrowserWebgpuOptions = {}): WebgpuHost {
  const folder = options.kernels ?? new URL("../kernels/webgpu/", here);
  return {
    async openGpu() {
      const { gpu } = navigator as { readonly gpu?: unknown };
      if (gpu === undefined) {
        const reason = "this browser has no WebGPU, or the page is not served securely";
        throw new R3mesError({ code: "GPU_UNAVAILABLE", reason });
      }
      return openGpu(gpu as Gpu);
    },
    async readSource(name) {
      const address = new URL(`${name}.wgsl`, folder);
      const response = await fetch(address);
      const { ok, status } = response;
      if (!ok) {
        throw new R3mesError({ code: "KERNEL_FETCH_FAILED", address: String(address), status });
      }
      return response.text();
    },
    warn: options.warn ?? (() => {}),
  };
}
