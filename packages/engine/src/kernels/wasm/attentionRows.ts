/** Scores, exponentials and weights of one row of causal attention, for training and decoding alike. */
import { scoreOf } from "./attention";
import { integer, scalar } from "./elements";
import { exp2n, rsh, ZERO_EXPONENT } from "./integer";
import { held, heldWide, maxLane } from "./lanes";

const WEIGHT_MAX: i32 = 16383;

/** s_ij in place of q_i . k_j for one row of `count` keys; returns the largest. */
export function scoreRow(
  row: usize,
  count: i32,
  scale: i32,
  qe: i32,
  ke: usize,
  powers: usize,
  keTop: i32,
  keSpread: i32,
): i32 {
  let best = -(1 << 30);
  let j = 0;
  const least = qe - 4 + keTop - keSpread;
  const shift = qe - 4 + keTop;
  if (keSpread <= 30 && qe !== ZERO_EXPONENT && least >= 1 && shift <= 32) {
    const half = i64x2.splat((<i64>1) << (<i64>(shift - 1)));
    const scales = i32x4.splat(scale);
    let bests = i32x4.splat(best);
    for (; j + 4 <= count; j += 4) {
      const at = (<usize>j) << 2;
      const x = i32x4.mul(v128.load(row + at), scales);
      const p = v128.load(powers + at);
      const low = i64x2.add(i64x2.extmul_low_i32x4_s(x, p), half);
      const high = i64x2.add(i64x2.extmul_high_i32x4_s(x, p), half);
      const s = v128.shuffle<i32>(i64x2.shr_u(low, shift), i64x2.shr_u(high, shift), 0, 2, 4, 6);
      bests = i32x4.max_s(bests, s);
      v128.store(row + at, s);
    }
    best = maxLane(bests);
  }
  for (; j < count; j++) {
    const at = row + ((<usize>j) << 2);
    const s = scoreOf(load<i32>(at), scale, qe + scalar(ke, j) - 4);
    store<i32>(at, s);
    best = max(best, s);
  }
  return best;
}

/** E in place of s for one row; returns the sum of E >> 12. */
export function exponentialRow(row: usize, count: i32, best: i32, table: usize): u32 {
  let sum: u32 = 0;
  for (let j = 0; j < count; j++) {
    const at = row + ((<usize>j) << 2);
    const e = exp2n(<u32>(best - load<i32>(at)), table);
    sum += <u32>e >> 12;
    store<i32>(at, e);
  }
  return sum;
}

/** w_ij from E for one row, i16; zeros to `width`. `align` is x_i, the rest what `spreadPowers` found. */
export function weightRow(
  row: usize,
  count: i32,
  width: i32,
  align: i32,
  ve: usize,
  powers: usize,
  veTop: i32,
  veSpread: i32,
  out: usize,
): void {
  let j = 0;
  const all = align + veTop - 14;
  if (veSpread <= 30 && all - veSpread >= 1 && all <= 62) {
    const rounding = heldWide((<i64>1) << (<i64>(all - 1)));
    const most = held(WEIGHT_MAX);
    for (; j + 4 <= count; j += 4) {
      const at = (<usize>j) << 2;
      const e = v128.load(row + at);
      const p = v128.load(powers + at);
      const low = i64x2.shr_u(i64x2.add(i64x2.extmul_low_i32x4_u(e, p), rounding), all);
      const high = i64x2.shr_u(i64x2.add(i64x2.extmul_high_i32x4_u(e, p), rounding), all);
      const w = i32x4.min_s(v128.shuffle<i32>(low, high, 0, 2, 4, 6), most);
      v128.store64_lane(out + (at >> 1), i16x8.narrow_i32x4_s(w, w), 0);
    }
  }
  for (; j < count; j++) {
    const shift = align + scalar(ve, j) - 14;
    const e = <u32>integer(row, j);
    let w = 0;
    if (shift >= 1 && shift <= 31) w = <i32>((e + ((<u32>1) << (<u32>(shift - 1)))) >> <u32>shift);
    else if (shift < 1) w = <i32>min<i64>(WEIGHT_MAX, rsh(<i64>e, shift));
    store<i16>(out + ((<usize>j) << 1), <i16>min(w, WEIGHT_MAX));
  }
  memory.fill(out + ((<usize>count) << 1), 0, (<usize>(width - count)) << 1);
}
