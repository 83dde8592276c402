/** RMSNorm with gain and absmax int8, forward and backward: the kinds of ops/norm.ts. Parts are rows. */
import { addSat30, mulShiftLanes } from "./epilogue";
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
import {
  between,
  halved,
  held,
  heldWide,
  largestOf,
  narrowOne,
  ROW_LIMIT,
  regularPlaces,
  regularRow,
  rowShift,
  sumLanesWide,
} from "./lanes";
import { LEFT_OFFSET, PANEL_OFFSET } from "./scratch";

const ROW_BITS: i32 = 16;
const SAT: i32 = 1 << 30;

/** The reciprocal root of the row that `rowScale` looked at last: root * 2^(shift - 31). */
let root: i32 = 0;
let rootShift: i32 = 0;

/** What NormScale has of the number of columns alone: a root that every row of a kernel shares. */
function widthOf(columns: i32): u64 {
  return isqrt((<u64>columns) << 20);
}

/** NormScale of `squares` over as many values as `width` is of, left in `root` and `rootShift`. */
function rowScale(squares: u64, width: u64): void {
  const length = bitLengthWide(squares);
  const cut = length > 30 ? (length - 29) & ~1 : 0;
  const r = max<u64>(1, isqrt(squares >> <u64>cut));
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

/** True if a row's lanes can use 32-bit products: xhat is below 2^28 by its shift. */
function isPlain(shiftHat: i32): bool {
  return shiftHat >= 3 && shiftHat <= 31;
}

/** Where a regular copy of a row of x may lie, and behind it one of a row of d. */
function copyOfX(scratch: usize): usize {
  return scratch + LEFT_OFFSET;
}

function copyOfD(scratch: usize, columns: i32): usize {
  return scratch + LEFT_OFFSET + ((<usize>(columns + 3)) << 2);
}

/**
 * xhat of four lanes of a regular row: 16 bits times the root, `placesHat` + 1 places off. `one`,
 * `low` and `high`, 1, -32767 and 32767, are held.
 */
function hatLanes(
  x: usize,
  places: i32,
  one: v128,
  low: v128,
  high: v128,
  roots: v128,
  placesHat: i32,
): v128 {
  const narrow = between(halved(v128.load(x), places, one), low, high);
  return halved(i32x4.mul(narrow, roots), placesHat, one);
}

/**
 * RSH(hat * gain, 12), as far as 32 bits go: the 12 places that are lost come from the low part of hat
 * alone, whose product fits. `mask`, 4095, and `half`, 2048, are held.
 */
function gainLanes(hat: v128, gains: v128, mask: v128, half: v128): v128 {
  const low = i32x4.add(i32x4.mul(v128.and(hat, mask), gains), half);
  return i32x4.add(i32x4.mul(i32x4.shr_s(hat, 12), gains), i32x4.shr_s(low, 12));
}

function hatOne(x: usize, shift: i32, shiftHat: i32): i64 {
  return rsh(<i64>narrowOne(load<i32>(x), shift, ROW_LIMIT) * <i64>root, shiftHat);
}

function gainOne(value: i64, gain: usize): i64 {
  return rsh(value * <i64>load<i16>(gain), 12);
}

/** Sum of squares of one regular row in 16 bits. A pair of squares is below 2^31. */
function squaresOf(x: usize, count: i32, places: i32): i64 {
  let i = 0;
  let total: i64 = 0;
  let sums = i64x2.splat(0);
  const one = held(1);
  const low = held(<i32>0x80018001);
  for (; i + 8 <= count; i += 8) {
    const p = x + ((<usize>i) << 2);
    const a = halved(v128.load(p), places, one);
    const b = halved(v128.load(p, 16), places, one);
    const words = i16x8.max_s(low, i16x8.narrow_i32x4_s(a, b));
    const pairs = i32x4.dot_i16x8_s(words, words);
    sums = i64x2.add(sums, i64x2.extend_low_i32x4_u(pairs));
    sums = i64x2.add(sums, i64x2.extend_high_i32x4_u(pairs));
  }
  for (; i < count; i++) {
    const value = <i64>narrowOne(load<i32>(x + ((<usize>i) << 2)), places + 1, ROW_LIMIT);
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
  scratch: usize,
): void {
  const chunks = (columns + chunk - 1) / chunk;
  for (let t = from; t < to; t++) {
    const shift = rowShift(magnitudeOfRow(m, t), exponentOfRow(exponents, exponent, t), ROW_BITS);
    const source = x + ((<usize>t * <usize>columns) << 2);
    const row = regularRow(source, columns, shift, copyOfX(scratch));
    for (let c = 0; c < chunks; c++) {
      const count = min(chunk, columns - c * chunk);
      const sum = squaresOf(row + ((<usize>(c * chunk)) << 2), count, regularPlaces(shift));
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

function mantissaOf(x: usize, gain: usize, count: i32, places: i32, spare: usize): i32 {
  const shiftHat = 19 - rootShift;
  let i = 0;
  let best: i64 = 1;
  if (isPlain(shiftHat)) {
    const roots = i32x4.splat(root);
    const one = held(1);
    const low = held(-ROW_LIMIT);
    const high = held(ROW_LIMIT);
    const mask = held(4095);
    const half = held(2048);
    let bestsA = one;
    let bestsB = bestsA;
    for (; i + 8 <= count; i += 8) {
      const at = x + ((<usize>i) << 2);
      const gains = v128.load(gain + ((<usize>i) << 1));
      const hatA = hatLanes(at, places, one, low, high, roots, shiftHat - 1);
      const hatB = hatLanes(at + 16, places, one, low, high, roots, shiftHat - 1);
      const a = gainLanes(hatA, i32x4.extend_low_i16x8_s(gains), mask, half);
      const b = gainLanes(hatB, i32x4.extend_high_i16x8_s(gains), mask, half);
      bestsA = i32x4.max_s(bestsA, i32x4.abs(a));
      bestsB = i32x4.max_s(bestsB, i32x4.abs(b));
    }
    best = <i64>largestOf(bestsA, bestsB, spare);
  }
  for (; i < count; i++) {
    const hat = hatOne(x + ((<usize>i) << 2), places + 1, shiftHat);
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
  scratch: usize,
): void {
  const chunks = (columns + chunk - 1) / chunk;
  const width = widthOf(columns);
  const spare = scratch + PANEL_OFFSET;
  for (let t = from; t < to; t++) {
    const own = magnitudeOfRow(m, t);
    const shift = rowShift(own, exponentOfRow(exponents, exponent, t), ROW_BITS);
    const source = x + ((<usize>t * <usize>columns) << 2);
    const row = regularRow(source, columns, shift, copyOfX(scratch));
    const places = regularPlaces(shift);
    if (own !== NO_MAGNITUDE) rowScale(load<u64>(squares + ((<usize>t) << 3)), width);
    for (let c = 0; c < chunks; c++) {
      let best = 1;
      if (own !== NO_MAGNITUDE) {
        const first = <usize>(c * chunk);
        const count = min(chunk, columns - c * chunk);
        best = mantissaOf(row + (first << 2), gain + (first << 1), count, places, spare);
      }
      store<i32>(out + ((<usize>(t * chunks + c)) << 2), best);
    }
  }
}

function quantiseNormal(
  x: usize,
  gain: usize,
  columns: i32,
  places: i32,
  by: i32,
  out: usize,
): void {
  const shiftHat = 19 - rootShift;
  let i = 0;
  if (isPlain(shiftHat)) {
    const roots = i32x4.splat(root);
    const factor = i32x4.splat(by);
    const one = held(1);
    const low = held(-ROW_LIMIT);
    const high = held(ROW_LIMIT);
    const mask = held(4095);
    const half = held(2048);
    const halfQ = held(1 << 22);
    // Whatever is larger saturates, and up to it 2^30 + by + 2^22 is below 2^31.
    const edge = (1 << 30) / by + 1;
    const most = i32x4.splat(edge);
    const least = i32x4.splat(-edge);
    const leastByte = held(<i32>0x81818181);
    for (; i + 8 <= columns; i += 8) {
      const p = x + ((<usize>i) << 2);
      const gains = v128.load(gain + ((<usize>i) << 1));
      const hatA = hatLanes(p, places, one, low, high, roots, shiftHat - 1);
      const hatB = hatLanes(p + 16, places, one, low, high, roots, shiftHat - 1);
      const a = between(gainLanes(hatA, i32x4.extend_low_i16x8_s(gains), mask, half), least, most);
      const b = between(gainLanes(hatB, i32x4.extend_high_i16x8_s(gains), mask, half), least, most);
      const words = i16x8.narrow_i32x4_s(
        i32x4.shr_s(i32x4.add(i32x4.mul(a, factor), halfQ), 23),
        i32x4.shr_s(i32x4.add(i32x4.mul(b, factor), halfQ), 23),
      );
      const bytes = i8x16.narrow_i16x8_s(words, words);
      v128.store64_lane(out + <usize>i, i8x16.max_s(bytes, leastByte), 0);
    }
  }
  for (; i < columns; i++) {
    const hat = hatOne(x + ((<usize>i) << 2), places + 1, shiftHat);
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
  scratch: usize,
): void {
  const width = widthOf(columns);
  for (let t = from; t < to; t++) {
    const at = <usize>t * <usize>columns;
    const own = magnitudeOfRow(m, t);
    if (own === NO_MAGNITUDE) {
      memory.fill(out + at, 0, columns);
      continue;
    }
    const shift = rowShift(own, exponentOfRow(exponents, exponent, t), ROW_BITS);
    rowScale(load<u64>(squares + ((<usize>t) << 3)), width);
    const by = (127 << 23) / load<i32>(mantissa + ((<usize>t) << 2));
    const row = regularRow(x + (at << 2), columns, shift, copyOfX(scratch));
    quantiseNormal(row, gain, columns, regularPlaces(shift), by, out + at);
  }
}

/** dg: a regular row in 16 bits times the gain, Q12 off. 2^15 * 2^15 fits 31 bits. */
function gradientLanes(
  d: usize,
  places: i32,
  one: v128,
  low: v128,
  high: v128,
  gain: usize,
  half: v128,
): v128 {
  const narrow = between(halved(v128.load(d), places, one), low, high);
  return i32x4.shr_s(i32x4.add(i32x4.mul(narrow, v128.load16x4_s(gain)), half), 12);
}

function gradientOne(d: usize, shift: i32, gain: usize): i64 {
  return gainOne(<i64>narrowOne(load<i32>(d), shift, ROW_LIMIT), gain);
}

function dotOf(d: usize, x: usize, gain: usize, count: i32, placesD: i32, placesX: i32): i64 {
  const shiftHat = 19 - rootShift;
  let i = 0;
  let total: i64 = 0;
  if (isPlain(shiftHat)) {
    const roots = i32x4.splat(root);
    const one = held(1);
    const low = held(-ROW_LIMIT);
    const high = held(ROW_LIMIT);
    const half = held(2048);
    let sums = i64x2.splat(0);
    for (; i + 4 <= count; i += 4) {
      const at = (<usize>i) << 2;
      const hat = hatLanes(x + at, placesX, one, low, high, roots, shiftHat - 1);
      const dg = gradientLanes(d + at, placesD, one, low, high, gain + (at >> 1), half);
      sums = i64x2.add(sums, i64x2.extmul_low_i32x4_s(dg, hat));
      sums = i64x2.add(sums, i64x2.extmul_high_i32x4_s(dg, hat));
    }
    total = sumLanesWide(sums);
  }
  for (; i < count; i++) {
    const at = (<usize>i) << 2;
    const hat = hatOne(x + at, placesX + 1, shiftHat);
    total += gradientOne(d + at, placesD + 1, gain + (at >> 1)) * hat;
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
  scratch: usize,
): void {
  const chunks = (columns + chunk - 1) / chunk;
  const width = widthOf(columns);
  for (let t = from; t < to; t++) {
    const at = (<usize>t * <usize>columns) << 2;
    const own = magnitudeOfRow(m, t);
    const gradient = magnitudeOfRow(dm, t);
    const zero = own === NO_MAGNITUDE || gradient === NO_MAGNITUDE;
    const shiftX = rowShift(own, exponentOfRow(exponents, exponent, t), ROW_BITS);
    const shiftD = rowShift(gradient, exponentOfRow(de, 0, t), ROW_BITS);
    if (!zero) rowScale(load<u64>(squares + ((<usize>t) << 3)), width);
    const rowX = zero ? x : regularRow(x + at, columns, shiftX, copyOfX(scratch));
    const rowD = zero ? d : regularRow(d + at, columns, shiftD, copyOfD(scratch, columns));
    const placesX = regularPlaces(shiftX);
    const placesD = regularPlaces(shiftD);
    for (let c = 0; c < chunks; c++) {
      const first = (<usize>(c * chunk)) << 1;
      const count = min(chunk, columns - c * chunk);
      const xs = rowX + (first << 1);
      const dot = zero ? 0 : dotOf(rowD + (first << 1), xs, gain + first, count, placesD, placesX);
      store<i64>(out + ((<usize>(t * chunks + c)) << 3), dot);
    }
  }
}

function residualOne(element: i64, shift: i32, previous: i32): i32 {
  return sat30(<i64>previous + rsh(element, max(shift, -31)));
}

/** True if 32 bits hold a gradient with the half of its shift to the stream's exponent. */
function isJoinPlain(joined: bool, shift: i32): bool {
  // Values within 2^30 and half of 2^30 stay below 2^31.
  return !joined || (shift >= 0 && shift <= 30);
}

/**
 * One backward row from regular rows: SAT30(RSH((dg - RSH(xhat * c, 24)) * root, 8)); with `residual`
 * (or with `joined` and none) it is shifted and added. A tangent past 2^38 / root saturates whatever
 * it is, so it is cut there, and 32 bits hold its product after the shift: its low eight bits are
 * multiplied apart and shifted, the rest loses nothing.
 */
function backwardRow(
  d: usize,
  x: usize,
  gain: usize,
  columns: i32,
  placesD: i32,
  placesX: i32,
  c: i64,
  joined: bool,
  residual: usize,
  shift: i32,
  out: usize,
): void {
  const shiftHat = 19 - rootShift;
  let i = 0;
  if (isPlain(shiftHat) && c === <i64>(<i32>c) && isJoinPlain(joined, shift)) {
    const roots = i32x4.splat(root);
    const cs = i32x4.splat(<i32>c);
    const one = held(1);
    const low = held(-ROW_LIMIT);
    const high = held(ROW_LIMIT);
    const half12 = held(1 << 11);
    const half24 = heldWide(1 << 23);
    const half8 = held(1 << 7);
    const byte = held(255);
    const most = held(SAT);
    const least = held(-SAT);
    const end = held(i32.MAX_VALUE);
    const edge = <i32>(((<i64>1) << 38) / <i64>root + 1);
    const edgeMost = i32x4.splat(edge);
    const edgeLeast = i32x4.splat(-edge);
    const off = joined ? shift : 0;
    const halfOff = i32x4.splat(off > 0 ? 1 << (off - 1) : 0);
    for (; i + 4 <= columns; i += 4) {
      const at = (<usize>i) << 2;
      const hat = hatLanes(x + at, placesX, one, low, high, roots, shiftHat - 1);
      const dg = gradientLanes(d + at, placesD, one, low, high, gain + (at >> 1), half12);
      const tangent = i32x4.sub(dg, mulShiftLanes(hat, cs, half24, 24));
      const cut = between(tangent, edgeLeast, edgeMost);
      const rest = i32x4.add(i32x4.mul(v128.and(cut, byte), roots), half8);
      const value = i32x4.add(i32x4.mul(i32x4.shr_s(cut, 8), roots), i32x4.shr_s(rest, 8));
      let dx = between(value, least, most);
      if (residual !== 0) {
        const moved = i32x4.shr_s(i32x4.add(dx, halfOff), off);
        dx = addSat30(v128.load(residual + at), moved, least, most, end);
      } else if (joined) {
        dx = i32x4.shr_s(i32x4.add(dx, halfOff), off);
      }
      v128.store(out + at, dx);
    }
  }
  for (; i < columns; i++) {
    const at = (<usize>i) << 2;
    const hat = hatOne(x + at, placesX + 1, shiftHat);
    const tangent = gradientOne(d + at, placesD + 1, gain + (at >> 1)) - rsh(hat * c, 24);
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
  scratch: usize,
): void {
  const width = widthOf(columns);
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
    rowScale(load<u64>(squares + ((<usize>t) << 3)), width);
    const shiftX = rowShift(own, exponentOfRow(exponents, exponent, t), ROW_BITS);
    const shiftD = rowShift(gradient, exponentOfRow(de, 0, t), ROW_BITS);
    const c = divRound(load<i64>(dot + ((<usize>t) << 3)), <i64>columns);
    const narrowD = ROW_BITS - 1 - gradient;
    const narrowX = ROW_BITS - 1 - own;
    const e = narrowD + (31 - rootShift - narrowX) - 8;
    if (outE !== 0) store<i16>(outE + ((<usize>t) << 1), <i16>e);
    const shift = e - residualExponent;
    if (joined !== 0 && shift > 31) {
      // What is within 2^30 rounds to nothing beside the stream.
      zeroRow(residual === 0 ? 0 : residual + at, out + at, columns);
      continue;
    }
    backwardRow(
      regularRow(d + at, columns, shiftD, copyOfD(scratch, columns)),
      regularRow(x + at, columns, shiftX, copyOfX(scratch)),
      gain,
      columns,
      regularPlaces(shiftD),
      regularPlaces(shiftX),
      c,
      joined !== 0,
      residual === 0 ? 0 : residual + at,
      shift,
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
