/**
 * A process that limits its own addresses until no room for the stacks of 63 threads is left, asks for a crew of 64, and prints what it
 * is told, how many threads more than before it has then, and whether a crew of two runs once the limit is gone.
 */
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { R3mesError } from "@r3mes/protocol";
import { createNodeNativeHost } from "../node/nativeHost.ts";

/** Stacks of 1 MiB: some of the 63 fit, most do not. */
const ROOM = 16 << 20;

const threads = (): number => readdirSync("/proc/self/task").length;
const limit = (bytes: number | "unlimited"): void => {
  execFileSync("prlimit", [`--pid=${process.pid}`, `--as=${bytes}:`]);
};

const host = createNodeNativeHost();
const set = host.instructionSets()[0]!;
const [lacking, second] = [host.openMachine(set, 65_536), host.openMachine(set, 65_536)];
const before = threads();
const pages = Number(readFileSync("/proc/self/statm", "utf8").split(" ")[0]);
limit(pages * 4096 + ROOM);
const told = await lacking
  .startCrew({ threads: 64, scratch: 0, scratchBytes: 0 })
  .then(() => ({ code: "none", facts: {} }))
  .catch((error: unknown) => {
    if (!(error instanceof R3mesError)) throw error;
    return { code: error.code, facts: error.facts };
  });
limit("unlimited");
const left = threads() - before;
const run = await second.startCrew({ threads: 2, scratch: 0, scratchBytes: 0 });
console.log(JSON.stringify({ ...told, left, again: run(16, 0) }));
await second.close();
