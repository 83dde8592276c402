/**
 * The folder that a command is about to fill. It is made before any work, so that a place where nothing can be written is told at once,
 * and taken away again where the work left nothing in it.
 */
import { accessSync, constants, existsSync, rmdirSync } from "node:fs";
import { dirname } from "node:path";
import { fileFailure, makeFolder } from "@r3mes/service/command";

/** @throws DISK_FULL, FOLDER_NOT_WRITABLE, and what `fill` throws */
export async function fillFolder<Filled>(
  path: string,
  fill: () => Promise<Filled>,
): Promise<Filled> {
  const missing = missingOf(path);
  try {
    makeFolder(path, 0o777);
    accessSync(path, constants.W_OK);
    return await fill();
  } catch (error) {
    removeEmpty(missing);
    throw fileFailure(error, path);
  }
}

/** The folder and those above it that are not there, the deepest first. */
function missingOf(path: string): readonly string[] {
  return existsSync(path) ? [] : [path, ...missingOf(dirname(path))];
}

function removeEmpty(folders: readonly string[]): void {
  try {
    for (const folder of folders) rmdirSync(folder);
  } catch {
    // The first that holds something, or was never made, holds those above it as well.
  }
}
