/**
 * A process that opens a memory of 64 KiB, lets it grow to three times that, and prints for how many kilobytes more than before the
 * system was asked for large pages, each time. In a process of its own nobody else's memory comes or goes meanwhile.
 */
import { readFileSync } from "node:fs";
import { createNodeNativeHost } from "../node/nativeHost.ts";

const REGIONS = /^Size: +(\d+) kB[\s\S]*?^VmFlags:(.*)$/gm;

const wantedLarge = (): number =>
  [...readFileSync("/proc/self/smaps", "utf8").matchAll(REGIONS)]
    .filter(([, , flags]) => flags!.split(" ").includes("hg"))
    .reduce((total, [, size]) => total + Number(size), 0);

const host = createNodeNativeHost();
const before = wantedLarge();
const machine = host.openMachine(host.instructionSets()[0]!, 65_536);
const opened = wantedLarge() - before;
machine.grow(3 * 65_536);
const grown = wantedLarge() - before;
await machine.close();
console.log(JSON.stringify({ opened, grown }));
