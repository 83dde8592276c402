/** The ends of products: scale an exact sum, add the adapter's share and a residual, saturate. */
import { rsh, sat30 } from "./integer";

const LIMIT: i32 = 1 << 30;

/** RSH(x[0..4), s) for 1 <= s <= 31 without leaving 32 bits: (x >> s) + bit s-1 of x. */
export function rshLanes(x: v128, s: i32): v128 {
  const bit = v128.and(i32x4.shr_u(x, s - 1), i32x4.splat(1));
  return i32x4.add(i32x4.shr_s(x, s), bit);
}

/** SAT30(a + b) of any i32 lanes: a wrapped sum is replaced by the end it passed. */
export function addSat30(a: v128, b: v128): v128 {
  const sum = i32x4.add(a, b);
  const wrapped = i32x4.shr_s(v128.and(v128.xor(sum, a), v128.xor(sum, b)), 31);
  const end = v128.xor(i32x4.shr_s(a, 31), i32x4.splat(i32.MAX_VALUE));
  const exact = v128.bitselect(end, sum, wrapped);
  return i32x4.max_s(i32x4.splat(-LIMIT), i32x4.min_s(i32x4.splat(LIMIT), exact));
}

/** RSH(x * factor, shift) for 1 <= shift <= 32 where the result fits 32 bits. */
export function mulShiftLanes(x: v128, factor: v128, half: v128, shift: i32): v128 {
  const low = i64x2.add(i64x2.extmul_low_i32x4_s(x, factor), half);
  const high = i64x2.add(i64x2.extmul_high_i32x4_s(x, factor), half);
  // A logical shift leaves the same low 32 bits as an arithmetic one, and AVX2 has no other.
  return v128.shuffle<i32>(i64x2.shr_u(low, shift), i64x2.shr_u(high, shift), 0, 2, 4, 6);
}

/**
 * y[i] = SAT30(RSH(y[i] * factor, shift) + RSH(low[i], lowShift)) for one run of i32; without `low`
 * that term is 0. `bits` bounds the bit length of y[i] * factor and picks the 32-bit path.
 */
export function scaleRun(
  y: usize,
  low: usize,
  count: i32,
  factor: i32,
  shift: i32,
  lowShift: i32,
  bits: i32,
): void {
  const quiet = low === 0 || lowShift > 31;
  let i = 0;
  if (shift >= 1 && shift <= 32 && bits - shift <= 29 && (quiet || lowShift >= 1)) {
    const factors = i32x4.splat(factor);
    const half = i64x2.splat((<i64>1) << (<i64>(shift - 1)));
    for (; i + 4 <= count; i += 4) {
      const at = (<usize>i) << 2;
      let value = mulShiftLanes(v128.load(y + at), factors, half, shift);
      if (!quiet) value = i32x4.add(value, rshLanes(v128.load(low + at), lowShift));
      value = i32x4.max_s(i32x4.splat(-LIMIT), i32x4.min_s(i32x4.splat(LIMIT), value));
      v128.store(y + at, value);
    }
  }
  for (; i < count; i++) {
    const at = (<usize>i) << 2;
    let value = rsh(<i64>load<i32>(y + at) * <i64>factor, shift);
    if (low !== 0) value += rsh(<i64>load<i32>(low + at), lowShift);
    store<i32>(y + at, sat30(value));
  }
}

/** y[i] = SAT30(x[i] + y[i]) for one run of i32. */
export function addRun(x: usize, y: usize, count: i32): void {
  let i = 0;
  for (; i + 4 <= count; i += 4) {
    const at = (<usize>i) << 2;
    v128.store(y + at, addSat30(v128.load(x + at), v128.load(y + at)));
  }
  for (; i < count; i++) {
    const at = (<usize>i) << 2;
    store<i32>(y + at, sat30(<i64>load<i32>(x + at) + <i64>load<i32>(y + at)));
  }
}

/** y[i] = SAT30(RSH(x[i], shiftX) + RSH(y[i], shiftY)), shifts >= 0: two rows to one exponent. */
export function alignRun(x: usize, shiftX: i32, y: usize, shiftY: i32, count: i32): void {
  let i = 0;
  for (; i + 4 <= count; i += 4) {
    const at = (<usize>i) << 2;
    v128.store(
      y + at,
      addSat30(alignLanes(v128.load(x + at), shiftX), alignLanes(v128.load(y + at), shiftY)),
    );
  }
  for (; i < count; i++) {
    const at = (<usize>i) << 2;
    const sum = rsh(<i64>load<i32>(x + at), shiftX) + rsh(<i64>load<i32>(y + at), shiftY);
    store<i32>(y + at, sat30(sum));
  }
}

/** RSH of i32 lanes by any count >= 0; from 32 on every value rounds to 0. */
function alignLanes(x: v128, shift: i32): v128 {
  if (shift <= 0) return x;
  return shift > 31 ? i32x4.splat(0) : rshLanes(x, shift);
}
