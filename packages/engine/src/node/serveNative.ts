/** The worker thread of a native machine in Node: opens the kernels, then serves runs. */
import { parentPort, workerData } from "node:worker_threads";
import { serveRuns } from "../backends/wasm/commands.ts";
import { kernelsOf, type NativeStart } from "./nativeHost.ts";

const start = workerData as NativeStart;
const kernels = kernelsOf(start);
parentPort!.postMessage("ready");
serveRuns({
  buffer: () => start.memory.buffer,
  kernels: start.kernelNames.map((name) => kernels[name]!),
  thread: start.thread,
  threads: start.threads,
  scratch: start.scratch + start.thread * start.scratchBytes,
});
