/// <reference path="./webAssembly.d.ts" />
/** The worker thread of a WASM machine in Node: instantiates the kernels, then serves runs. */
import { parentPort, workerData } from "node:worker_threads";
import { serveRuns } from "../backends/wasm/commands.ts";
import { executeExports } from "../backends/wasm/executeExports.ts";
import type { Kernels } from "../backends/wasm/host.ts";
import type { WorkerStart } from "./wasmHost.ts";

const start = workerData as WorkerStart;
const { module, memory, thread, threads } = start;
const { exports } = new WebAssembly.Instance(module, { env: { memory } });
parentPort!.postMessage("ready");
serveRuns({
  buffer: () => memory.buffer,
  execute: executeExports(exports as Kernels),
  thread,
  threads,
  scratch: start.scratch + thread * start.scratchBytes,
});
