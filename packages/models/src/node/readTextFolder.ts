/** Text files of a folder, as bytes. */
import { readdirSync, readFileSync } from "node:fs";
import { join, sep } from "node:path";
import { R3mesError } from "@r3mes/protocol";
import type { TextFile } from "../dataset/readOwnText.ts";

/**
 * The `.txt` and `.jsonl` files of a folder and the folders below it.
 *
 * @throws FILE_UNREADABLE, DATASET_EMPTY if there are none
 */
export function readTextFolder(folder: string): TextFile[] {
  let paths: string[];
  try {
    paths = readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.(txt|jsonl)$/.test(entry.name))
      .map((entry) => join(entry.parentPath, entry.name));
  } catch (cause) {
    throw unreadable(folder, cause);
  }
  if (paths.length === 0) throw new R3mesError({ code: "DATASET_EMPTY", folder });
  return paths.map((path) => ({
    name: path
      .slice(folder.length)
      .split(sep)
      .filter((part) => part !== "")
      .join("/"),
    bytes: readBytes(path),
  }));
}

function readBytes(path: string): Uint8Array {
  try {
    return new Uint8Array(readFileSync(path));
  } catch (cause) {
    throw unreadable(path, cause);
  }
}

function unreadable(path: string, cause: unknown): R3mesError {
  const reason = (cause as NodeJS.ErrnoException).code;
  return new R3mesError({ code: "FILE_UNREADABLE", path, reason }, { cause });
}
