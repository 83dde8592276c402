/** Makes sure that the home folder is there, can be written and has room, before anything starts. */
import { accessSync, constants } from "node:fs";
import { fileFailure, makeFolder } from "@r3mes/service/command";
import { requireFreeBytes } from "./requireFreeBytes.ts";

/** A localnet writes about 50 MB a day; with less than this even a short run may end badly. */
const freeBytesMin = 256 * 2 ** 20;

export function prepareHome(home: string): void {
  makeFolder(home);
  try {
    accessSync(home, constants.W_OK);
  } catch (error) {
    throw fileFailure(error, home);
  }
  requireFreeBytes(home, freeBytesMin);
}
