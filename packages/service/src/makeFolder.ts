/** Makes a folder, and those above it that are missing. */
import { existsSync, mkdirSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { R3mesError } from "@r3mes/protocol";
import { fileFailure } from "./fileFailure.ts";

/**
 * For this user alone, unless `mode` says otherwise; a folder that is there stays as it is. One folder at a time: Node's own recursion
 * never ends where a file system says of every new name that there is no such place, as /proc does.
 *
 * @throws DISK_FULL, FOLDER_NOT_WRITABLE
 */
export function makeFolder(path: string, mode = 0o700): void {
  if (isFolder(path)) return;
  const above = dirname(path);
  if (above !== path && !existsSync(above)) makeFolder(above, mode);
  try {
    mkdirSync(path, { mode });
  } catch (error) {
    // Another process may have made it meanwhile.
    if (isFolder(path)) return;
    throw refusal(error, path);
  }
}

function isFolder(path: string): boolean {
  return existsSync(path) && statSync(path).isDirectory();
}

/** Whatever the reason, there is no folder at this place. */
function refusal(error: unknown, path: string): unknown {
  const failure = fileFailure(error, path);
  if (failure instanceof R3mesError) return failure;
  const reason = (error as NodeJS.ErrnoException).code ?? String(error);
  return new R3mesError({ code: "FOLDER_NOT_WRITABLE", path, reason }, { cause: error });
}
