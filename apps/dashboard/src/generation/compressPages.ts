/**
 * The last stage of `npm run build`: a gzipped file beside each built one that gets smaller by it. Whoever serves the pages sends that to
 * browsers that take it, and compresses nothing itself.
 */
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

const pages = join(import.meta.dirname, "../../out");

compressFolder(pages);

function compressFolder(folder: string): void {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) compressFolder(path);
    else if (!name.endsWith(".gz")) compressFile(path);
  }
}

function compressFile(path: string): void {
  const plain = readFileSync(path);
  const compressed = gzipSync(plain, { level: 9 });
  // Fonts are compressed already.
  if (compressed.length < 0.9 * plain.length) writeFileSync(`${path}.gz`, compressed);
}
