/** A thread of `simulateSeeds`: simulates what it is told, one after another, until it is told nothing. */
import { parentPort, workerData } from "node:worker_threads";
import { prepareDevices } from "./prepareDevices.ts";
import { openRemesim } from "./remesim.ts";
import { simulate } from "./simulate.ts";
import type { ThreadedOptions } from "./simulateSeeds.ts";

const parent = parentPort!;
const { binary, tellsLines } = workerData as {
  readonly binary: string;
  readonly tellsLines: boolean;
};
const remesim = openRemesim(binary);
const devices = prepareDevices();
const watching = tellsLines ? { onLine: (line: string) => parent.postMessage(line) } : {};
parent.on("message", async (run: ThreadedOptions | null) => {
  if (run !== null) {
    const report = await simulate({ ...run, ...watching }, { remesim, devices: await devices });
    return parent.postMessage(report);
  }
  remesim.close();
  parent.close();
});
