/** Refuses to go on when a disk is nearly full: a chain that meets a full disk stops and stays. */
import { statfsSync } from "node:fs";
import { R3mesError } from "@r3mes/protocol";

export function requireFreeBytes(
  path: string,
  freeBytesMin: number,
  freeBytesOf: (path: string) => number = measure,
): void {
  const freeBytes = freeBytesOf(path);
  if (freeBytes >= freeBytesMin) return;
  throw new R3mesError({ code: "DISK_FULL", path, freeBytes, freeBytesMin });
}

function measure(path: string): number {
  const { bavail, bsize } = statfsSync(path);
  return bavail * bsize;
}
