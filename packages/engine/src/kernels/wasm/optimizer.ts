/** Adam-int and Lion-int, in place on the state: the kinds of ops/optimizer.ts. Parts are elements. */
import { isqrt, NO_MAGNITUDE, rsh, sat30, ZERO_EXPONENT } from "./integer";

const FOLD_BITS: i32 = 13;
const FACTOR_FRACTION: i32 = 30;
const STEP_RATE: usize = 8;
const STEP_DECAY: usize = 12;
const STEP_BIAS1: usize = 16;
const STEP_BIAS2: usize = 20;

/** Shift from the exact sum of partial gradients to Q30 of the mean. */
function gradientShift(magnitudes: usize, isDown: i32, tokensShift: i32): i32 {
  const m = <i32>load<i16>(magnitudes);
  const e = m === NO_MAGNITUDE ? ZERO_EXPONENT : FOLD_BITS - 1 - m;
  return e - FACTOR_FRACTION + tokensShift + (isDown !== 0 ? 34 : 0);
}

/** Mean gradient of element `at` of a factor with `size` elements: `count` partials, one rounding. */
function gradientAt(acc: usize, at: i32, size: i32, count: i32, isDown: i32, shift: i32): i64 {
  let sum: i64 = 0;
  for (let c = 0; c < count; c++) {
    sum += <i64>load<i32>(acc + ((<usize>c * <usize>size + <usize>at) << 2));
  }
  return <i64>sat30(rsh(isDown !== 0 ? sum * 33026 : sum, shift));
}

/**
 * Kind `adam`. `acc` i32 [count * rank, columns], `weight` and `m` i32, `v` i64, `size` elements.
 */
export function adamElements(
  acc: usize,
  count: i32,
  magnitudes: usize,
  step: usize,
  weight: usize,
  m: usize,
  v: usize,
  size: i32,
  isDown: i32,
  tokensShift: i32,
  from: i32,
  to: i32,
  _scratch: usize,
): void {
  const shift = gradientShift(magnitudes, isDown, tokensShift);
  const rate = <i64>load<i32>(step + STEP_RATE);
  const decay = <i64>load<i32>(step + STEP_DECAY);
  const bias1 = <i64>max(1, load<i32>(step + STEP_BIAS1));
  const bias2 = <i64>max<u64>(1, isqrt(<u64>load<i32>(step + STEP_BIAS2)));
  for (let i = from; i < to; i++) {
    const at4 = (<usize>i) << 2;
    const at8 = (<usize>i) << 3;
    const g = gradientAt(acc, i, size, count, isDown, shift);
    const m0 = <i64>load<i32>(m + at4);
    const m1 = m0 + rsh((g - m0) * 6554, 16);
    const v0 = load<i64>(v + at8);
    const v1 = v0 + rsh(g * g - v0, 6);
    const mean = (m1 << 20) / bias1;
    const denominator = ((<i64>isqrt(<u64>v1)) << 10) / bias2 + 11;
    const w = <i64>load<i32>(weight + at4);
    const change = (mean * rate) / denominator;
    store<i32>(weight + at4, sat30(w - rsh(w * decay, 30) - change));
    store<i32>(m + at4, <i32>m1);
    store<i64>(v + at8, v1);
  }
}

/** Kind `lion`. Parameters as in `adamElements`, without v. */
export function lionElements(
  acc: usize,
  count: i32,
  magnitudes: usize,
  step: usize,
  weight: usize,
  m: usize,
  size: i32,
  isDown: i32,
  tokensShift: i32,
  from: i32,
  to: i32,
  _scratch: usize,
): void {
  const shift = gradientShift(magnitudes, isDown, tokensShift);
  const rate = <i64>load<i32>(step + STEP_RATE);
  const decay = <i64>load<i32>(step + STEP_DECAY);
  for (let i = from; i < to; i++) {
    const at = (<usize>i) << 2;
    const g = gradientAt(acc, i, size, count, isDown, shift);
    const m0 = <i64>load<i32>(m + at);
    const direction = 9 * m0 + g;
    const w = <i64>load<i32>(weight + at);
    const change = direction > 0 ? rate : direction < 0 ? -rate : 0;
    store<i32>(weight + at, sat30(w - rsh(w * decay, 30) - change));
    store<i32>(m + at, <i32>(m0 + rsh(g - m0, 6)));
  }
}
