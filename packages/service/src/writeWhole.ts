/** Writes a file wholly or not at all: whoever reads it, and whoever comes after a loss of power, sees the old content or the new, never a part. */
import { randomUUID } from "node:crypto";
import {
  closeSync,
  fsyncSync,
  openSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileFailure } from "./fileFailure.ts";

/**
 * The file is readable by this user alone. A link stays one, and what it leads to is written.
 *
 * @throws DISK_FULL, FOLDER_NOT_WRITABLE; what was there is then as it was
 */
export function writeWhole(path: string, content: string | Uint8Array): void {
  const target = targetOf(path);
  const part = `${target}.${randomUUID()}.part`;
  try {
    withFile(part, "wx", (file) => {
      writeFileSync(file, content);
      fsyncSync(file);
    });
    renameSync(part, target);
    withFile(dirname(target), "r", fsyncSync);
  } catch (error) {
    rmSync(part, { force: true });
    throw fileFailure(error, path);
  }
  removeLeftovers(target);
}

function targetOf(path: string): string {
  try {
    return realpathSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw fileFailure(error, path);
    return path;
  }
}

function withFile(path: string, flags: string, use: (file: number) => void): void {
  const file = openSync(path, flags, 0o600);
  try {
    use(file);
  } finally {
    closeSync(file);
  }
}

/** A write takes seconds at most: what a killed process left is older. */
const leftMs = 3_600_000;

/** Parts of this file alone. What cannot be looked at or removed harms nobody. */
function removeLeftovers(target: string): void {
  const folder = dirname(target);
  const isPart = (name: string) =>
    name.startsWith(`${basename(target)}.`) && name.endsWith(".part");
  for (const name of readdirSync(folder).filter(isPart)) {
    const path = join(folder, name);
    const found = statSync(path, { throwIfNoEntry: false });
    if (found !== undefined && found.mtimeMs < Date.now() - leftMs) rmSync(path, { force: true });
  }
}
