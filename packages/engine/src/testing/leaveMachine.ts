/** A thread of Node that opens a native machine of three threads, runs on it and never closes it. */
import { parentPort } from "node:worker_threads";
import { createNodeNativeHost } from "../node/nativeHost.ts";

const host = createNodeNativeHost();
const machine = host.openMachine(host.instructionSets()[0]!, 65_536);
const run = await machine.startCrew({ threads: 3, scratch: 0, scratchBytes: 0 });
parentPort!.postMessage(run(0, 0));
// Its port keeps this thread until it is ended from outside.
parentPort!.on("message", () => {});
