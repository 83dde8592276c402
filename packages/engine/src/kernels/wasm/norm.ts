/** RMSNorm with gain and absmax int8, forward and backward: the kinds of ops/norm.ts. Parts are rows. */
import { addSat30, mulShiftLanes, rshLanes } from "./epilogue";
import {
  bitLengthWide,
  clamp,
  divRound,
  isqrt,
  NO_MAGNITUDE,
  rsh,
  sat30,
  ZERO_EXPONENT,
} from "./integer";
import { maxLane, narrowLanes, narrowOne, rowShift, sumLanesWide } from "./lanes";

const ROW_BITS: i32 = 16;
const LIMIT: i32 = 32767;
const SAT: i32 = 1 << 30;

/** The reciprocal root of the row that `rowScale` looked at last: root * 2^(shift - 31). */
let root: i32 = 0;
let rootShift: i32 = 0;

/** NormScale of `squares` over `columns` values, left in `root` and `rootShift`. */
function rowScale(squares: u64, columns: i32): void {
  const length = bitLengthWide(squares);
  const cut = length > 30 ? (length - 29) & ~1 : 0;
  const r = max<u64>(1, isqrt(squares >> <u64>cut));
  const width = isqrt((<u64>columns) << 20);
  const widthShift = bitLengthWide(width) - 16;
  const normal = widthShift > 0 ? width >> <u64>widthShift : width << (<u64>-widthShift);
  const quotient = (normal << 16) / r;
  const cutRoot = bitLengthWide(quotient) - 15;
  root = <i32>rsh(<i64>quotient, cutRoot);
  rootShift = cutRoot + widthShift + 5 - (cut >> 1);
}

/** Exponent of row t, from `exponents` (i16 [rows]) or the shared one. */
function exponentOfRow(exponents: usize, exponent: i32, t: i32): i32 {
  return exponents === 0 ? exponent : <i32>load<i16>(exponents + ((<usize>t) << 1));
}

function magnitudeOfRow(m: usize, t: i32): i32 {
  return <i32>load<i16>(m + ((<usize>t) << 1));
}

/** True if a row's lanes can use 32-bit products: whole vectors, xhat below 2^28 by its shift. */
function isPlain(columns: i32, shiftHat: i32): bool {
  return (columns & 3) === 0 && shiftHat >= 3 && shiftHat <= 31;
}

function hatLanes(x: usize, shift: i32, roots: v128, shiftHat: i32): v128 {
  return rshLanes(i32x4.mul(narrowLanes(v128.load(x), shift, LIMIT), roots), shiftHat);
}

function gainLanes(hat: v128, gain: usize, half: v128): v128 {
  const gains = v128.load16x4_s(gain);
  const low = i64x2.add(i64x2.extmul_low_i32x4_s(hat, gains), half);
  const high = i64x2.add(i64x2.extmul_high_i32x4_s(hat, gains), half);
  return v128.shuffle<i32>(i64x2.shr_u(low, 12), i64x2.shr_u(high, 12), 0, 2, 4, 6);
}

function hatOne(x: usize, shift: i32, shiftHat: i32): i64 {
  return rsh(<i64>narrowOne(load<i32>(x), shift, LIMIT) * <i64>root, shiftHat);
}

function gainOne(value: i64, gain: usize): i64 {
  return rsh(value * <i64>load<i16>(gain), 12);
}

/** Sum of squares of columns [from, to) of one row in 16 bits. A pair of squares is below 2^31. */
function squaresOf(x: usize, from: i32, to: i32, shift: i32): i64 {
  let i = from;
  let total: i64 = 0;
  let sums = i64x2.splat(0);
  for (; i + 8 <= to; i += 8) {
    const p = x + ((<usize>i) << 2);
    const words = i16x8.narrow_i32x4_s(
      narrowLanes(v128.load(p), shift, LIMIT),
      narrowLanes(v128.load(p, 16), shift, LIMIT),
    );
    const pairs = i32x4.dot_i16x8_s(words, words);
    sums = i64x2.add(sums, i64x2.extend_low_i32x4_u(pairs));
    sums = i64x2.add(sums, i64x2.extend_high_i32x4_u(pairs));
  }
  for (; i < to; i++) {
    const value = <i64>narrowOne(load<i32>(x + ((<usize>i) << 2)), shift, LIMIT);
    total += value * value;
  }
  return total + sumLanesWide(sums);
}

/** Kind `norm.squares`: i64 [rows, chunks]. */
export function normSquares(
  x: usize,
  m: usize,
  exponents: usize,
  exponent: i32,
  columns: i32,
  chunk: i32,
  out: usize,
  from: i32,
  to: i32,
  _scratch: usize,
): void {
  const chunks = (columns + chunk - 1) / chunk;
  for (let t = from; t < to; t++) {
    const row = x + ((<usize>t * <usize>columns) << 2);
    const shift = rowShift(magnitudeOfRow(m, t), exponentOfRow(exponents, exponent, t), ROW_BITS);
    for (let c = 0; c < chunks; c++) {
      const sum = squaresOf(row, c * chunk, min(columns, (c + 1) * chunk), shift);
      store<i64>(out + ((<usize>(t * chunks + c)) << 3), sum);
    }
  }
}

/**
 * Kind `norm.epsilon`: i64 [rows], the sum of squares with the share of an epsilon (Q40) in the units of each row.
 */
export function normEpsilon(
  squares: usize,
  m: usize,
  columns: i32,
  epsilon: i32,
  out: usize,
  from: i32,
  to: i32,
  _scratch: usize,
): void {
  const whole = <i64>columns * <i64>epsilon;
  for (let t = from; t < to; t++) {
    const own = magnitudeOfRow(m, t);
    const share = own === NO_MAGNITUDE ? 0 : rsh(whole, max(10 + 2 * own, -16));
    const at = (<usize>t) << 3;
    store<i64>(out + at, load<i64>(squares + at) + min<i64>(share, (<i64>1) << 51));
  }
}

function mantissaOf(x: usize, gain: usize, from: i32, to: i32, shift: i32): i32 {
  const shiftHat = 19 - rootShift;
  if (isPlain(to - from, shiftHat)) {
    const roots = i32x4.splat(root);
    const half = i64x2.splat(1 << 11);
    let best = i32x4.splat(1);
    for (let i = from; i < to; i += 4) {
      const hat = hatLanes(x + ((<usize>i) << 2), shift, roots, shiftHat);
      best = i32x4.max_s(best, i32x4.abs(gainLanes(hat, gain + ((<usize>i) << 1), half)));
    }
    return maxLane(best);
  }
  let best: i64 = 1;
  for (let i = from; i < to; i++) {
    const hat = hatOne(x + ((<usize>i) << 2), shift, shiftHat);
    best = max(best, <i64>abs(gainOne(hat, gain + ((<usize>i) << 1))));
  }
  return <i32>best;
}

/** Kind `norm.mantissa`: i32 [rows, chunks], at least 1. `squares` i64 [rows], `gain` i16. */
export function normMantissa(
  x: usize,
  m: usize,
  exponents: usize,
  exponent: i32,
  squares: usize,
  gain: usize,
  columns: i32,
  chunk: i32,
  out: usize,
  from: i32,
  to: i32,
  _scratch: usize,
): void {
  const chunks = (columns + chunk - 1) / chunk;
  for (let t = from; t < to; t++) {
    const row = x + ((<usize>t * <usize>columns) << 2);
    const own = magnitudeOfRow(m, t);
    const shift = rowShift(own, exponentOfRow(exponents, exponent, t), ROW_BITS);
    if (own !== NO_MAGNITUDE) rowScale(load<u64>(squares + ((<usize>t) << 3)), columns);
    for (let c = 0; c < chunks; c++) {
      let best = 1;
      if (own !== NO_MAGNITUDE) {
        best = mantissaOf(row, gain, c * chunk, min(columns, (c + 1) * chunk), shift);
      }
      store<i32>(out + ((<usize>(t * chunks + c)) << 2), best);
    }
  }
}

function quantiseNormal(
  x: usize,
  gain: usize,
  columns: i32,
  shift: i32,
  by: i32,
  out: usize,
): void {
  const shiftHat = 19 - rootShift;
  let i = 0;
  if (isPlain(columns, shiftHat)) {
    const roots = i32x4.splat(root);
    const half = i64x2.splat(1 << 11);
    const halfQ = i64x2.splat(1 << 22);
    const factor = i32x4.splat(by);
    for (; i + 8 <= columns; i += 8) {
      const p = x + ((<usize>i) << 2);
      const g = gain + ((<usize>i) << 1);
      const a = gainLanes(hatLanes(p, shift, roots, shiftHat), g, half);
      const b = gainLanes(hatLanes(p + 16, shift, roots, shiftHat), g + 8, half);
      const words = i16x8.narrow_i32x4_s(
        mulShiftLanes(a, factor, halfQ, 23),
        mulShiftLanes(b, factor, halfQ, 23),
      );
      const bytes = i8x16.narrow_i16x8_s(words, words);
      v128.store64_lane(out + <usize>i, i8x16.max_s(bytes, i8x16.splat(-127)), 0);
    }
  }
  for (; i < columns; i++) {
    const hat = hatOne(x + ((<usize>i) << 2), shift, shiftHat);
    const v = gainOne(hat, gain + ((<usize>i) << 1));
    store<i8>(out + <usize>i, <i8>clamp(rsh(v * <i64>by, 23), 127));
  }
}

/** Kind `norm.quantise`: int8 [rows, columns]. `mantissa` i32 [rows]. */
export function normQuantise(
  x: usize,
  m: usize,
  exponents: usize,
  exponent: i32,
  squares: usize,
  gain: usize,
  mantissa: usize,
  columns: i32,
  out: usize,
  from: i32,
  to: i32,
  _scratch: usize,
): void {
  for (let t = from; t < to; t++) {
    const at = <usize>t * <usize>columns;
    const own = magnitudeOfRow(m, t);
    if (own === NO_MAGNITUDE) {
      memory.fill(out + at, 0, columns);
      continue;
    }
    const shift = rowShift(own, exponentOfRow(exponents, exponent, t), ROW_BITS);
    rowScale(load<u64>(squares + ((<usize>t) << 3)), columns);
    const by = (127 << 23) / load<i32>(mantissa + ((<usize>t) << 2));
    quantiseNormal(x + (at << 2), gain, columns, shift, by, out + at);
  }
}

/** dg: d in 16 bits times the gain, Q12 off. 2^15 * 2^15 fits 31 bits. */
function gradientLanes(d: usize, shift: i32, gain: usize): v128 {
  const narrow = narrowLanes(v128.load(d), shift, LIMIT);
  return rshLanes(i32x4.mul(narrow, v128.load16x4_s(gain)), 12);
}

function gradientOne(d: usize, shift: i32, gain: usize): i64 {
  return gainOne(<i64>narrowOne(load<i32>(d), shift, LIMIT), gain);
}

function dotOf(d: usize, x: usize, gain: usize, from: i32, to: i32, shiftD: i32, shiftX: i32): i64 {
  const shiftHat = 19 - rootShift;
  if (isPlain(to - from, shiftHat)) {
    const roots = i32x4.splat(root);
    let sums = i64x2.splat(0);
    for (let i = from; i < to; i += 4) {
      const at = (<usize>i) << 2;
      const hat = hatLanes(x + at, shiftX, roots, shiftHat);
      const dg = gradientLanes(d + at, shiftD, gain + (at >> 1));
      sums = i64x2.add(sums, i64x2.extmul_low_i32x4_s(dg, hat));
      sums = i64x2.add(sums, i64x2.extmul_high_i32x4_s(dg, hat));
    }
    return sumLanesWide(sums);
  }
  let total: i64 = 0;
  for (let i = from; i < to; i++) {
    const at = (<usize>i) << 2;
    const hat = hatOne(x + at, shiftX, shiftHat);
    total += gradientOne(d + at, shiftD, gain + (at >> 1)) * hat;
  }
  return total;
}

/** Kind `norm.dot`: i64 [rows, chunks]. `d` i32 with magnitudes `dm` and exponents `de`, i16 [rows]. */
export function normDot(
  d: usize,
  dm: usize,
  de: usize,
  x: usize,
  m: usize,
  exponents: usize,
  exponent: i32,
  squares: usize,
  gain: usize,
  columns: i32,
  chunk: i32,
  out: usize,
  from: i32,
  to: i32,
  _scratch: usize,
): void {
  const chunks = (columns + chunk - 1) / chunk;
  for (let t = from; t < to; t++) {
    const at = (<usize>t * <usize>columns) << 2;
    const own = magnitudeOfRow(m, t);
    const gradient = magnitudeOfRow(dm, t);
    const zero = own === NO_MAGNITUDE || gradient === NO_MAGNITUDE;
    const shiftX = rowShift(own, exponentOfRow(exponents, exponent, t), ROW_BITS);
    const shiftD = rowShift(gradient, exponentOfRow(de, 0, t), ROW_BITS);
    if (!zero) rowScale(load<u64>(squares + ((<usize>t) << 3)), columns);
    for (let c = 0; c < chunks; c++) {
      const end = min(columns, (c + 1) * chunk);
      const dot = zero ? 0 : dotOf(d + at, x + at, gain, c * chunk, end, shiftD, shiftX);
      store<i64>(out + ((<usize>(t * chunks + c)) << 3), dot);
    }
  }
}

/** SAT30(previous + RSH(element, shift)), four lanes of |element| <= 2^30. */
function residualLanes(element: v128, shift: i32, previous: v128): v128 {
  let moved = element;
  if (shift > 31) moved = i32x4.splat(0);
  else if (shift > 0) moved = rshLanes(element, shift);
  return addSat30(previous, moved);
}

function residualOne(element: i64, shift: i32, previous: i32): i32 {
  return sat30(<i64>previous + rsh(element, max(shift, -31)));
}

/**
 * One backward row: SAT30(RSH((dg - RSH(xhat * c, 24)) * root, 8)); with `residual` (or with
 * `joined` and none) it is shifted and added. A tangent past 2^38 / root saturates whatever it is,
 * so it is cut there, and the product's 32 low bits after the shift are the whole of it.
 */
function backwardRow(
  d: usize,
  x: usize,
  gain: usize,
  columns: i32,
  shiftD: i32,
  shiftX: i32,
  c: i64,
  joined: bool,
  residual: usize,
  shift: i32,
  out: usize,
): void {
  const shiftHat = 19 - rootShift;
  let i = 0;
  if (isPlain(columns, shiftHat) && c === <i64>(<i32>c) && (!joined || shift >= 0)) {
    const roots = i32x4.splat(root);
    const cs = i32x4.splat(<i32>c);
    const half24 = i64x2.splat(1 << 23);
    const half8 = i64x2.splat(1 << 7);
    const edge = <i32>(((<i64>1) << 38) / <i64>root + 1);
    for (; i < columns; i += 4) {
      const at = (<usize>i) << 2;
      const hat = hatLanes(x + at, shiftX, roots, shiftHat);
      const dg = gradientLanes(d + at, shiftD, gain + (at >> 1));
      const tangent = i32x4.sub(dg, mulShiftLanes(hat, cs, half24, 24));
      const cut = i32x4.max_s(i32x4.splat(-edge), i32x4.min_s(i32x4.splat(edge), tangent));
      const value = mulShiftLanes(cut, roots, half8, 8);
      let dx = i32x4.max_s(i32x4.splat(-SAT), i32x4.min_s(i32x4.splat(SAT), value));
      if (joined) {
        const previous = residual === 0 ? i32x4.splat(0) : v128.load(residual + at);
        dx = residualLanes(dx, shift, previous);
      }
      v128.store(out + at, dx);
    }
  }
  for (; i < columns; i++) {
    const at = (<usize>i) << 2;
    const hat = hatOne(x + at, shiftX, shiftHat);
    const tangent = gradientOne(d + at, shiftD, gain + (at >> 1)) - rsh(hat * c, 24);
    let dx = sat30(rsh(tangent * <i64>root, 8));
    if (joined) dx = residualOne(<i64>dx, shift, residual === 0 ? 0 : load<i32>(residual + at));
    store<i32>(out + at, dx);
  }
}

/**
 * Kinds `norm.backward` (`joined` 0: `out` i32 and exponents `outE` i16) and `norm.backwardResidual`
 * (`joined` 1: the stream at `residualExponent`, previous value in `residual` or 0).
 */
export function normBackward(
  d: usize,
  dm: usize,
  de: usize,
  x: usize,
  m: usize,
  exponents: usize,
  exponent: i32,
  squares: usize,
  gain: usize,
  dot: usize,
  columns: i32,
  joined: i32,
  residual: usize,
  residualExponent: i32,
  out: usize,
  outE: usize,
  from: i32,
  to: i32,
  _scratch: usize,
): void {
  for (let t = from; t < to; t++) {
    const at = (<usize>t * <usize>columns) << 2;
    const own = magnitudeOfRow(m, t);
    const gradient = magnitudeOfRow(dm, t);
    const zero = own === NO_MAGNITUDE || gradient === NO_MAGNITUDE;
    if (zero) {
      if (outE !== 0) store<i16>(outE + ((<usize>t) << 1), <i16>ZERO_EXPONENT);
      zeroRow(residual === 0 ? 0 : residual + at, out + at, columns);
      continue;
    }
    rowScale(load<u64>(squares + ((<usize>t) << 3)), columns);
    const shiftX = rowShift(own, exponentOfRow(exponents, exponent, t), ROW_BITS);
    const shiftD = rowShift(gradient, exponentOfRow(de, 0, t), ROW_BITS);
    const c = divRound(load<i64>(dot + ((<usize>t) << 3)), <i64>columns);
    const narrowD = ROW_BITS - 1 - gradient;
    const narrowX = ROW_BITS - 1 - own;
    const e = narrowD + (31 - rootShift - narrowX) - 8;
    if (outE !== 0) store<i16>(outE + ((<usize>t) << 1), <i16>e);
    backwardRow(
      d + at,
      x + at,
      gain,
      columns,
      shiftD,
      shiftX,
      c,
      joined !== 0,
      residual === 0 ? 0 : residual + at,
      e - residualExponent,
      out + at,
    );
  }
}

/** A row whose gradient is zero: the residual, saturated, or zeros. */
function zeroRow(residual: usize, out: usize, columns: i32): void {
  if (residual === 0) {
    memory.fill(out, 0, (<usize>columns) << 2);
    return;
  }
  for (let i = 0; i < columns; i++) {
    const at = (<usize>i) << 2;
    store<i32>(out + at, sat30(<i64>load<i32>(residual + at)));
  }
}
