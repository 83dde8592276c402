/** The worker thread of a WASM machine in a browser: instantiates the kernels, then serves runs. */
import { serveRuns } from "../backends/wasm/commands.ts";
import { executeExports } from "../backends/wasm/executeExports.ts";
import type { Kernels } from "../backends/wasm/host.ts";
import type { WorkerStart } from "./wasmHost.ts";

globalThis.onmessage = ({ data }: MessageEvent<WorkerStart>) => {
  const { module, memory, thread, threads, scratch, scratchBytes } = data;
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  globalThis.postMessage("ready");
  serveRuns({
    buffer: () => memory.buffer as ArrayBufferLike as SharedArrayBuffer,
    execute: executeExports(exports as Kernels),
    thread,
    threads,
    scratch: scratch + thread * scratchBytes,
  });
};
