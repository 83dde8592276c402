/** The worker thread of a native machine in Node: opens the kernels, then serves runs. */
import { parentPort, workerData } from "node:worker_threads";
import { serveRuns } from "../backends/wasm/commands.ts";
import { executeNative, type NativeStart } from "./nativeHost.ts";

const start = workerData as NativeStart;
const execute = executeNative(start);
parentPort!.postMessage("ready");
serveRuns({
  buffer: () => start.memory.buffer,
  execute,
  thread: start.thread,
  threads: start.threads,
  scratch: start.scratch + start.thread * start.scratchBytes,
});
