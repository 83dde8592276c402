/** A thread of `simulateSeeds`: simulates what it is told, one after another, until it is told nothing. */
import { parentPort, workerData } from "node:worker_threads";
import { prepareDevices } from "./prepareDevices.ts";
import { openRemesim } from "./remesim.ts";
import { simulate } from "./simulate.ts";
import type { ThreadedOptions } from "./simulateSeeds.ts";

const parent = parentPort!;
const remesim = openRemesim(workerData as string);
const devices = prepareDevices();
parent.on("message", async (run: ThreadedOptions | null) => {
  if (run !== null)
    return parent.postMessage(await simulate(run, { remesim, devices: await devices }));
  remesim.close();
  parent.close();
});
