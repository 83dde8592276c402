/** What a person reads instead of JSON: a line as each contest ends, and the table of all of them. */
import type { Machine } from "./describeMachine.ts";
import type { Figure } from "./runContest.ts";

export function formatFigures(machine: Machine, figures: readonly Figure[]): string {
  const { cpu, cores, memoryMebibytes, platform, node, load } = machine;
  const heading = `${cpu}, ${cores} cores, ${memoryMebibytes} MiB, ${platform}, Node ${node}, load ${load.toFixed(1)}`;
  const rows = figures.map(({ name, value, unit, against, ratio }) => [
    name,
    `${formatNumber(value)} ${unit}`,
    ratio === null ? "" : `${formatNumber(value / ratio)} ${unit}`,
    against ?? "",
    ratio === null ? "" : `${ratio.toFixed(2)} x`,
  ]);
  return `${heading}\n\n${alignColumns([["figure", "ours", "rival's", "against", "ratio"], ...rows])}\n`;
}

/** "root: 250 ms; 0.50 x node:crypto, 500 ms". */
export function formatFigure({ name, value, unit, against, ratio }: Figure): string {
  const own = `${name}: ${formatNumber(value)} ${unit}`;
  if (ratio === null) return own;
  return `${own}; ${ratio.toFixed(2)} x ${against}, ${formatNumber(value / ratio)} ${unit}`;
}

/** Three significant digits, and whole numbers from a thousand on. */
function formatNumber(value: number): string {
  return value >= 1000 ? value.toFixed(0) : value.toPrecision(3);
}

function alignColumns(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}
