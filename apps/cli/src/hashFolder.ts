/** One hash for the files of a folder: SHA-256 over the sorted list of their paths and hashes. */
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";

/** Null when there is no such file. `suffix` chooses files by the end of their names. */
export function hashFolder(folder: string, suffix = ""): string | null {
  if (!existsSync(folder)) return null;
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(suffix))
    .map((entry) => join(entry.parentPath, entry.name));
  if (files.length === 0) return null;
  const lines = files.map((file) => {
    const path = relative(folder, file).split(sep).join("/");
    return `${sha256(readFileSync(file))}  ${path}\n`;
  });
  // Sorted by code unit, so that no locale plays a part.
  return sha256(Buffer.from(lines.sort().join("")));
}

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
