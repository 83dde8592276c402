/// <reference path="./webAssembly.d.ts" />
/** The worker thread of a WASM machine in Node: instantiates the kernels, then serves runs. */
import { parentPort, workerData } from "node:worker_threads";
import { type Kernel, serveRuns } from "../backends/wasm/commands.ts";
import type { WorkerStart } from "./wasmHost.ts";

const start = workerData as WorkerStart;
const { module, memory, thread, threads } = start;
const { exports } = new WebAssembly.Instance(module, { env: { memory } });
parentPort!.postMessage("ready");
serveRuns({
  buffer: () => memory.buffer,
  kernels: start.kernelNames.map((name) => exports[name] as Kernel),
  thread,
  threads,
  scratch: start.scratch + thread * start.scratchBytes,
});
