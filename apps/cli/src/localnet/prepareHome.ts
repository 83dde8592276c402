/** Makes sure that the home folder is there, can be written and has room, before anything starts. */
import { accessSync, constants, existsSync, mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { fileFailure } from "@r3mes/service/command";
import { requireFreeBytes } from "./requireFreeBytes.ts";

/** A localnet writes about 50 MB a day; with less than this even a short run may end badly. */
const freeBytesMin = 256 * 2 ** 20;

export function prepareHome(home: string): void {
  try {
    // Asked first: making folders in a read-only file system fails with a misleading reason.
    accessSync(nearestThere(home), constants.W_OK);
    mkdirSync(home, { recursive: true, mode: 0o700 });
    accessSync(home, constants.W_OK);
  } catch (error) {
    throw fileFailure(error, home);
  }
  requireFreeBytes(home, freeBytesMin);
}

function nearestThere(path: string): string {
  return existsSync(path) ? path : nearestThere(dirname(path));
}
