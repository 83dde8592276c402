/**
 * Where a command keeps what it fetched of a network: a folder that the next command finds again, or one of its own while another command
 * has that. A byte is checked against its address whenever it is read, so nothing in it has to be trusted.
 */
import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { acquireLock, makeFolder } from "@r3mes/service";

export type ContentFolder = {
  readonly path: string;
  /** Nobody may use what lies in it any more. */
  readonly close: () => void;
};

/** Some backbones with the states of the work that was looked at; what is more is fetched again. */
const keptBytesMax = 1 << 30;

export function openContentFolder(home: string, bytesMax = keptBytesMax): ContentFolder {
  const content = join(home, "content");
  const path = join(content, "store");
  makeFolder(path);
  const inUse = new Error("another command uses it");
  try {
    const unlock = acquireLock(join(content, "lock"), () => inUse);
    return {
      path,
      close() {
        if (bytesIn(path) > bytesMax) rmSync(path, { recursive: true, force: true });
        unlock();
      },
    };
  } catch (error) {
    if (error !== inUse) throw error;
    return folderOfItsOwn(home);
  }
}

function folderOfItsOwn(home: string): ContentFolder {
  const temporary = join(home, "tmp");
  makeFolder(temporary);
  const path = mkdtempSync(join(temporary, "store-"));
  return { path, close: () => rmSync(path, { recursive: true, force: true }) };
}

function bytesIn(folder: string): number {
  return readdirSync(folder, { recursive: true, withFileTypes: true }).reduce(
    (sum, entry) =>
      entry.isFile() ? sum + statSync(join(entry.parentPath, entry.name)).size : sum,
    0,
  );
}
