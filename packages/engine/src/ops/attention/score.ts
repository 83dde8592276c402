/**
 * What attention recomputes wherever it is needed: rows, scores, weights and their gradients (spec/arithmetic.md
 * section 10). Nothing here is a tensor. Every quantity of query row i depends on key rows j <= i + past alone.
 */
import { exponentOf, quantise } from "../../arithmetic/alignedQuantise.ts";
import { exp2n } from "../../arithmetic/exponential.ts";
import { bitLength, clamp, divFloor, pow2, rsh } from "../../arithmetic/integer.ts";
import { type Bound, I32_MAX, type Region, requireShape, type Shapes, type View } from "../kind.ts";

/**
 * heads: query heads of a sequence; group: query heads that share a key head; queries, keys: positions of a sequence
 * (keys - queries of them are past); scale: round(2^12 * log2(e) / sqrt(head size)).
 */
export type Frame = "heads" | "group" | "queries" | "keys";
export type FrameParams = Readonly<Record<Frame, number>>;
export const FRAME = ["heads", "group", "queries", "keys"] as const;

/** Row 0 of the keys that query row `row` may see, how many of them, and its position among the queries. */
export function keysOf(row: number, p: FrameParams): { first: number; count: number } {
  const block = divFloor(row, p.queries);
  const sequence = divFloor(block, p.heads);
  const keyHeads = divFloor(p.heads, p.group);
  const keyHead = divFloor(block - sequence * p.heads, p.group);
  const position = row - block * p.queries;
  return {
    first: (sequence * keyHeads + keyHead) * p.keys,
    count: position + p.keys - p.queries + 1,
  };
}

/** Query rows of head `member` of a key head's group that see the key of row `row`. Training only: queries = keys. */
export function queriesOf(
  row: number,
  member: number,
  p: FrameParams,
): { first: number; from: number } {
  const block = divFloor(row, p.keys);
  const keyHeads = divFloor(p.heads, p.group);
  const sequence = divFloor(block, keyHeads);
  const head = (block - sequence * keyHeads) * p.group + member;
  return { first: (sequence * p.heads + head) * p.queries, from: row - block * p.keys };
}

/** The key rows that a region of query rows sees, columns `columns` wide, cut to positions from..to. */
export function keyRegion(
  region: Region,
  p: FrameParams,
  columns: number,
  from: number,
  to: number,
): Region[] {
  const regions: Region[] = [];
  for (let row = region.row; row < region.row + region.rows; row++) {
    const { first, count } = keysOf(row, p);
    const rows = Math.min(count, to) - from;
    const previous = regions.at(-1);
    if (previous && previous.row === first + from) {
      regions[regions.length - 1] = { ...previous, rows: Math.max(previous.rows, rows) };
    } else if (rows > 0) {
      regions.push({ row: first + from, column: 0, rows, columns });
    }
  }
  return regions;
}

export function requireFrame(s: Shapes<"q8", never, Frame>): void {
  const { heads, group, queries, keys } = s.params;
  requireShape(heads % group === 0, "heads divide into groups");
  requireShape(s.in.q8.rows % (heads * queries) === 0, "q8 has whole sequences");
  requireShape(keys >= queries, "there are at least as many keys as queries");
}

export function dot(a: View, b: View, i: number, j: number, size: number): number {
  let sum = 0;
  for (let d = 0; d < size; d++) sum += a.at(i, d) * b.at(j, d);
  return sum;
}

export function scoreBounds(size: number, scale: number): Bound[] {
  return [
    { what: "q . k", max: 127 * 127 * size, limit: I32_MAX },
    { what: "q . k x scale", max: 127 * 127 * size * scale, limit: I32_MAX },
  ];
}

export interface Scores {
  readonly view: { readonly q8: View; readonly k8: View; readonly qe: View; readonly ke: View };
  readonly in: { readonly q8: { readonly columns: number } };
  readonly params: { readonly scale: number };
}

/**
 * s_ij in log2 units, Q16: clamp(RSH(q_i . k_j * scale, qe_i + ke_j - 4), 2^30). A negative shift shifts left by at most
 * 24, which saturates every product except 0.
 */
export function score(x: Scores, i: number, j: number): number {
  const product = dot(x.view.q8, x.view.k8, i, j, x.in.q8.columns) * x.params.scale;
  const shift = x.view.qe.at(i, 0) + x.view.ke.at(j, 0) - 4;
  return clamp(rsh(product, Math.max(shift, -24)), pow2(30));
}

/** E_ij = 2^(s_ij - max_i) in Q30. */
export function exponential(
  x: Scores & { readonly view: { readonly max: View } },
  i: number,
  j: number,
): number {
  return exp2n(x.view.max.at(i, 0) - score(x, i, j));
}

/** Z = sum of E >> 12 as a 16-bit reciprocal: 1 / Z = reciprocal * 2^-(length + 15). */
export function normaliser(sum: number): { length: number; reciprocal: number } {
  const length = bitLength(sum);
  const top = divFloor(sum, pow2(length - 16));
  return { length, reciprocal: Math.min(65535, divFloor(pow2(31), top)) };
}

/** P_ij in Q15: min(32767, ((E >> 15) * reciprocal + 2^(length-4)) >> (length-3)). */
export function probability(e: number, z: { length: number; reciprocal: number }): number {
  return Math.min(32767, rsh((e >> 15) * z.reciprocal, z.length - 3));
}

export interface Gradients extends Scores {
  readonly view: Scores["view"] & {
    readonly max: View;
    readonly sum: View;
    readonly v8: View;
    readonly ve: View;
    readonly do8: View;
    readonly doe: View;
    readonly dpm: View;
    readonly delta: View;
  };
}

/** P_ij of a row whose sum is complete. */
export function weight(
  x: Scores & { readonly view: { readonly max: View; readonly sum: View } },
  i: number,
  j: number,
): number {
  return probability(exponential(x, i, j), normaliser(x.view.sum.at(i, 0)));
}

/** d_ij: the gradient of P_ij in 16 bits at the magnitude of its row. */
export function weightGradient(
  x: {
    readonly view: Pick<Gradients["view"], "v8" | "ve" | "do8" | "doe" | "dpm">;
    readonly in: { readonly do8: { readonly columns: number } };
  },
  i: number,
  j: number,
): number {
  const dp = dot(x.view.do8, x.view.v8, i, j, x.in.do8.columns);
  return quantise(dp, x.view.doe.at(i, 0) + x.view.ve.at(j, 0), x.view.dpm.at(i, 0), 16);
}

/**
 * D_ij = P_ij * (d_ij - RSH(delta_i, 15)), i32: |P| <= 32767 and |d - delta| <= 65534. Its exponent is that of d plus 15.
 */
export function scoreGradient(
  x: Gradients & { readonly in: { readonly do8: { readonly columns: number } } },
  i: number,
  j: number,
): number {
  return weight(x, i, j) * (weightGradient(x, i, j) - rsh(x.view.delta.at(i, 0), 15));
}

/** Exponent of D_i. */
export function scoreGradientExponent(
  x: { readonly view: { readonly dpm: View } },
  i: number,
): number {
  return exponentOf(x.view.dpm.at(i, 0), 16) + 15;
}
