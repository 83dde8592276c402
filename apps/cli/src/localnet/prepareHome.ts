/** Makes sure that the home folder is there, can be written and has room, before anything starts. */
import { accessSync, constants, mkdirSync, statfsSync } from "node:fs";
import { R3mesError } from "@r3mes/protocol";
import { fileFailure } from "./fileFailure.ts";

/** A localnet writes about 50 MB a day; below this little even a short run may end badly. */
const freeBytesMin = 256 * 2 ** 20;

export function prepareHome(home: string, freeBytes: (path: string) => number = freeBytesOf): void {
  try {
    mkdirSync(home, { recursive: true, mode: 0o700 });
    accessSync(home, constants.W_OK);
  } catch (error) {
    throw fileFailure(error, home);
  }
  const free = freeBytes(home);
  if (free < freeBytesMin) {
    throw new R3mesError({ code: "DISK_FULL", path: home, freeBytes: free, freeBytesMin });
  }
}

function freeBytesOf(path: string): number {
  const { bavail, bsize } = statfsSync(path);
  return bavail * bsize;
}
