/** The worker thread of a WASM machine in a browser: instantiates the kernels, then serves runs. */
import { type Kernel, serveRuns } from "../backends/wasm/commands.ts";
import type { WorkerStart } from "./wasmHost.ts";

globalThis.onmessage = ({ data }: MessageEvent<WorkerStart>) => {
  const { module, memory, thread, threads, kernelNames, scratch, scratchBytes } = data;
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  globalThis.postMessage("ready");
  serveRuns({
    buffer: () => memory.buffer as ArrayBufferLike as SharedArrayBuffer,
    kernels: kernelNames.map((name) => exports[name] as Kernel),
    thread,
    threads,
    scratch: scratch + thread * scratchBytes,
  });
};
