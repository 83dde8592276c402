/** Decoding with a cache that is filled to a position: the kinds of ops/decode.ts. */
import { contextOf, reciprocalOf } from "./attention";
import { addWide, CONTEXT_DEPTH, WIDE_COLUMNS } from "./attentionContext";
import { exponentialRow, scoreRow, weightRow } from "./attentionRows";
import { denseProduct, rowTimesRows, widen } from "./dense";
import { bitLength, ZERO_EXPONENT } from "./integer";
import { spread, spreadPowers, top } from "./powers";
import { LEFT_OFFSET, PANEL_OFFSET } from "./scratch";

/** Cached positions. The host refuses a position that does not fit; one that comes here all the same ends the run. */
function pastAt(position: usize, length: i32, capacity: i32): i32 {
  const past = load<i32>(position);
  if (past < 0 || past > capacity - length) unreachable();
  return past;
}

/** Kind `cache.write`, in place. Parts are the new rows [head, position] of `rowBytes` bytes. */
export function cacheRows(
  cache: usize,
  next: usize,
  position: usize,
  capacity: i32,
  length: i32,
  rowBytes: i32,
  from: i32,
  to: i32,
  _scratch: usize,
): void {
  const past = pastAt(position, length, capacity);
  for (let row = from; row < to; row++) {
    const head = row / length;
    const target = head * capacity + past + (row - head * length);
    memory.copy(
      cache + <usize>target * <usize>rowBytes,
      next + <usize>row * <usize>rowBytes,
      rowBytes,
    );
  }
}

/** Exponents of the cached and the new rows of one head, side by side; returns the smallest. */
function joinExponents(cached: usize, fresh: usize, past: i32, count: i32, out: usize): i32 {
  memory.copy(out, cached, (<usize>past) << 1);
  memory.copy(out + ((<usize>past) << 1), fresh, (<usize>(count - past)) << 1);
  let least = ZERO_EXPONENT;
  for (let j = 0; j < count; j++) least = min(least, <i32>load<i16>(out + ((<usize>j) << 1)));
  return least;
}

/** wide[d] += sum over `count` rows of w[j] * v[j, d], in runs that 32 bits hold. */
function addContext(
  weights: usize,
  values: usize,
  count: i32,
  size: i32,
  sums: usize,
  wide: usize,
  panel: usize,
): void {
  for (let k = 0; k < count; k += CONTEXT_DEPTH) {
    const depth = min(CONTEXT_DEPTH, count - k);
    const left = weights + ((<usize>k) << 1);
    const right = values + ((<usize>k * <usize>size) << 1);
    denseProduct(left, depth, right, size, WIDE_COLUMNS, sums, size, 1, size, depth, 1, panel);
    addWide(wide, sums, size);
  }
}

/**
 * Kind `decode.attention`: o i32 [length, heads * valueSize]. Parts are query rows [head, position].
 * Cached rows are [key head, capacity], new ones [key head, length].
 */
export function decodeAttention(
  q8: usize,
  qe: usize,
  k8: usize,
  ke: usize,
  v: usize,
  ve: usize,
  pastK8: usize,
  pastKe: usize,
  pastV: usize,
  pastVe: usize,
  position: usize,
  heads: i32,
  group: i32,
  length: i32,
  capacity: i32,
  size: i32,
  valueSize: i32,
  scale: i32,
  table: usize,
  out: usize,
  from: i32,
  to: i32,
  scratch: usize,
): void {
  const past = pastAt(position, length, capacity);
  const room = <usize>((capacity + length + 7) & ~7);
  const left = scratch + LEFT_OFFSET;
  const exponents = left + ((<usize>(size + 64)) << 1);
  const scores = exponents + (room << 1);
  const powers = scores + (room << 2);
  const weights = powers + (room << 2);
  const sums = weights + (room << 1) + 64;
  const wide = sums + ((<usize>(valueSize + 16)) << 2);
  const panel = scratch + PANEL_OFFSET;
  for (let row = from; row < to; row++) {
    const head = row / length;
    const i = row - head * length;
    const count = past + i + 1;
    const cached = <usize>((head / group) * capacity);
    const fresh = <usize>((head / group) * length);
    const bytes = <usize>size;
    widen(q8 + <usize>row * bytes, left, size);
    rowTimesRows(left, pastK8 + cached * bytes, bytes, false, scores, past, size);
    const behind = scores + ((<usize>past) << 2);
    rowTimesRows(left, k8 + fresh * bytes, bytes, false, behind, i + 1, size);
    joinExponents(pastKe + (cached << 1), ke + (fresh << 1), past, count, exponents);
    spreadPowers(exponents, count, powers);
    const own = <i32>load<i16>(qe + ((<usize>row) << 1));
    const best = scoreRow(scores, count, scale, own, exponents, powers, top, spread);
    const sum = exponentialRow(scores, count, best, table);
    const least = joinExponents(pastVe + (cached << 1), ve + (fresh << 1), past, count, exponents);
    spreadPowers(exponents, count, powers);
    const width = (count + 7) & ~7;
    weightRow(scores, count, width, 30 - least, exponents, powers, top, spread, weights);
    memory.fill(wide, 0, (<usize>valueSize) << 3);
    const values = (<usize>valueSize) << 1;
    addContext(weights, pastV + cached * values, past, valueSize, sums, wide, panel);
    const newWeights = weights + ((<usize>past) << 1);
    addContext(newWeights, v + fresh * values, i + 1, valueSize, sums, wide, panel);
    const target = out + ((<usize>((i * heads + head) * valueSize)) << 2);
    storeContext(wide, valueSize, sum, 30 - least, target);
  }
}

/** o = SAT30(RSH(RSH(acc, 4) * R, L + 21 - x)). */
function storeContext(wide: usize, size: i32, sum: u32, align: i32, out: usize): void {
  const reciprocal = <i64>reciprocalOf(sum);
  const shift = bitLength(sum) + 21 - align;
  for (let d: usize = 0; d < <usize>size; d++) {
    store<i32>(out + (d << 2), contextOf(load<i64>(wide + (d << 3)), reciprocal, shift));
  }
}
