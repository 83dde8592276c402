/** A worker of a crew whose one kernel traps on its thread: what tests of broken runs start. */
import { parentPort, workerData } from "node:worker_threads";
import { executeWith, serveRuns } from "../backends/wasm/commands.ts";

const { buffer, threads } = workerData as { buffer: SharedArrayBuffer; threads: number };
const trap = () => {
  throw new Error("unreachable");
};
parentPort!.postMessage("ready");
serveRuns({
  buffer: () => buffer,
  execute: executeWith([trap]),
  thread: 1,
  threads,
  scratch: 0,
});
