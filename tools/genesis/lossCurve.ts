/**
 * Draws the log of a pre-training run: bits per byte in training and on the held-out text of each corpus, against tokens.
 *
 *     node tools/genesis/lossCurve.ts RUN/log.jsonl loss-curve.svg
 */
import { readFileSync, writeFileSync } from "node:fs";

type Point = readonly [tokens: number, bits: number];

const size = { width: 760, height: 400, left: 56, right: 150, top: 16, bottom: 44 };
/** Okabe and Ito's colours, which the colour-blind can tell apart; the first is training. */
const colours = ["#000000", "#0072b2", "#009e73", "#d55e00", "#cc79a7", "#e69f00", "#56b4e9"];

interface Line {
  readonly step: number;
  readonly event?: string;
  readonly tokens?: number;
  readonly bitsPerByte?: number | { readonly [corpus: string]: number };
  readonly options?: { readonly windows: number; readonly length: number };
}

function curvesOf(log: readonly Line[]): Map<string, Point[]> {
  const options = log.find(({ event }) => event === "start")?.options;
  if (options === undefined) throw new Error("the log has no start");
  const curves = new Map<string, Point[]>([["training", []]]);
  for (const { step, bitsPerByte } of log) {
    if (bitsPerByte === undefined) continue;
    const tokens = step * options.windows * options.length;
    const losses = typeof bitsPerByte === "number" ? { training: bitsPerByte } : bitsPerByte;
    for (const [name, bits] of Object.entries(losses)) {
      curves.set(name, [...(curves.get(name) ?? []), [tokens, bits]]);
    }
  }
  return curves;
}

function draw(curves: ReadonlyMap<string, readonly Point[]>): string {
  const points = [...curves.values()].flat();
  const most = Math.max(...points.map(([tokens]) => tokens));
  const [low, high] = [
    Math.floor(Math.min(...points.map(([, bits]) => bits))),
    Math.ceil(Math.max(...points.map(([, bits]) => bits))),
  ];
  const { width, height, left, right, top, bottom } = size;
  const x = (tokens: number) => left + (tokens / most) * (width - left - right);
  const y = (bits: number) => top + ((high - bits) / (high - low)) * (height - top - bottom);
  const at = (value: number) => value.toFixed(1);
  const text = (px: number, py: number, content: string, more = "") =>
    `<text x="${at(px)}" y="${at(py)}"${more}>${content}</text>`;
  const parts: string[] = [];
  for (let bits = low; bits <= high; bits += 0.5) {
    const line = `x1="${left}" x2="${width - right}" y1="${at(y(bits))}" y2="${at(y(bits))}"`;
    parts.push(`<line ${line} stroke="#ddd"/>`);
    parts.push(text(left - 8, y(bits) + 4, bits.toFixed(1), ' text-anchor="end"'));
  }
  for (let millions = 0; millions * 1e6 <= most; millions += 20) {
    parts.push(
      text(x(millions * 1e6), height - bottom + 18, `${millions} M`, ' text-anchor="middle"'),
    );
  }
  parts.push(text(left, height - 8, "tokens seen; bits per byte upward"));
  for (const [i, [name, curve]] of [...curves].entries()) {
    const path = curve.map(([tokens, bits]) => `${at(x(tokens))},${at(y(bits))}`).join(" ");
    parts.push(
      `<polyline points="${path}" fill="none" stroke="${colours[i]}" stroke-width="1.5"/>`,
    );
    const label = name === "training" ? "training" : name.replaceAll("-", " ");
    const place = top + 12 + 18 * i;
    parts.push(text(width - right + 14, place, label, ` fill="${colours[i]}"`));
  }
  const box = `viewBox="0 0 ${width} ${height}" width="${width}" height="${height}"`;
  const background = `<rect width="${width}" height="${height}" fill="#fff"/>`;
  return `<svg xmlns="http://www.w3.org/2000/svg" ${box} font-family="sans-serif" font-size="12">
${[background, ...parts].join("\n")}
</svg>
`;
}

const [log, out] = process.argv.slice(2);
if (log === undefined || out === undefined) {
  console.error("usage: node tools/genesis/lossCurve.ts RUN/log.jsonl loss-curve.svg");
  process.exit(2);
}
const lines = readFileSync(log, "utf8").trimEnd().split("\n");
writeFileSync(out, draw(curvesOf(lines.map((line) => JSON.parse(line) as Line))));
