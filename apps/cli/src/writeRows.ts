/** Writes names and values in two columns. */
import type { Host } from "./host.ts";

export function writeRows(
  { stdout, paint }: Host,
  rows: readonly (readonly [name: string, value: string | number])[],
): void {
  const width = Math.max(...rows.map(([name]) => name.length)) + 2;
  for (const [name, value] of rows) stdout.write(`${paint.dim(name.padEnd(width))}${value}\n`);
}
