/** What the machine has: cores, memory, disk. Judged by what a localnet on a laptop needs. */
import { type Check, fail, ok, warn } from "./check.ts";

const gibibyte = 2 ** 30;
const coresMin = 2;
const memoryBytesMin = 2 * gibibyte;
const memoryBytesGood = 8 * gibibyte;
const diskBytesMin = gibibyte;
const diskBytesGood = 10 * gibibyte;

/** `available` counts what this process may use, `model` names the processor. */
export function checkCores(available: number, model: string): Check {
  const found = `${available} × ${model.trim() || "unknown processor"}`;
  if (available >= coresMin) return ok("cores", found);
  return warn(
    "cores",
    found,
    `Expect slow blocks and training: ${coresMin} cores or more are better.`,
  );
}

/** `limit` is what a container allows, or undefined without one. */
export function checkMemory(total: number, limit: number | undefined): Check {
  const usable = limit === undefined || limit <= 0 ? total : Math.min(total, limit);
  const found = gibibytes(usable);
  if (usable < memoryBytesMin) {
    return fail("memory", found, `At least ${gibibytes(memoryBytesMin)} are needed.`);
  }
  if (usable >= memoryBytesGood) return ok("memory", found);
  const remedy = `The build of the chain may be slow below ${gibibytes(memoryBytesGood)}.`;
  return warn("memory", found, remedy);
}

/** Bytes that are free where the project's state lies. */
export function checkDisk(free: number): Check {
  const found = `${gibibytes(free)} free`;
  if (free < diskBytesMin) return fail("disk", found, `Free ${gibibytes(diskBytesMin)} or more.`);
  if (free >= diskBytesGood) return ok("disk", found);
  return warn("disk", found, `Below ${gibibytes(diskBytesGood)} a longer run may fill the disk.`);
}

function gibibytes(bytes: number): string {
  return `${(bytes / gibibyte).toFixed(1)} GiB`;
}
