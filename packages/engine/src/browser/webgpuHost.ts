/** WebGPU of a browser for the backend: `navigator.gpu`, and the kernels' text from wherever the page serves it. */
import { R3mesError } from "@r3mes/protocol";
import type { Gpu } from "../backends/webgpu/gpu.ts";
import { openGpu, type WebgpuHost } from "../backends/webgpu/host.ts";

export interface BrowserWebgpuOptions {
  readonly warn?: WebgpuHost["warn"];
  /**
   * Address of the folder of the .wgsl files, with a slash at its end. There is no default: a bundler takes every address
   * that a module makes of its own for one file, and fails on a folder.
   */
  readonly kernels: string | URL;
}

export function createBrowserWebgpuHost(options: BrowserWebgpuOptions): WebgpuHost {
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
      const address = new URL(`${name}.wgsl`, options.kernels);
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
