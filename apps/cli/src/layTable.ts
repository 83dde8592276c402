/** Records as a table under the names of their fields; where it has no room, as lines of names and values. */
import { layParts } from "./localnet/layRows.ts";

type Row = { readonly [name: string]: string };

const gap = "  ";

/** All rows have the fields of the first. */
export function layTable(
  rows: readonly Row[],
  columns: number,
  dim: (text: string) => string,
): readonly string[] {
  const names = Object.keys(rows[0] ?? {});
  const widths = names.map((name) =>
    Math.max(...[name, ...rows.map((row) => row[name]!)].map((text) => text.length)),
  );
  const wide = widths.reduce((sum, width) => sum + width + gap.length, -gap.length);
  if (wide > columns) {
    return rows.flatMap((row) =>
      layParts(
        names.map((name) => `${name} ${row[name]}`),
        columns,
      ),
    );
  }
  const lineOf = (texts: readonly string[]) =>
    texts
      .map((text, i) => text.padEnd(widths[i]!))
      .join(gap)
      .trimEnd();
  return [dim(lineOf(names)), ...rows.map((row) => lineOf(names.map((name) => row[name]!)))];
}
