/** The squared-ReLU gate, forward and backward: the kinds of ops/gate.ts. Parts are rows. */
import { rsh, ZERO_EXPONENT } from "./integer";
import {
  between,
  halved,
  held,
  narrowOne,
  ROW_LIMIT,
  regularPlaces,
  regularRow,
  rowShift,
} from "./lanes";
import { exponentAt } from "./linear";
import { LEFT_OFFSET } from "./scratch";

const ROW_BITS: i32 = 16;
const Q16: i32 = 16;

/** Where a regular copy of row `index` of the operands may lie. */
function copyOf(scratch: usize, index: i32, columns: i32): usize {
  return scratch + LEFT_OFFSET + ((<usize>(index * (columns + 3))) << 2);
}

function shiftOfRow(magnitudes: usize, t: usize, e: i32): i32 {
  return rowShift(<i32>load<i16>(magnitudes + (t << 1)), e, ROW_BITS);
}

/** Sum of three exponents less `shift`, or ZERO_EXPONENT as soon as one of them is that. */
function joinExponents(a: i32, b: i32, c: i32, shift: i32): i32 {
  if (a === ZERO_EXPONENT || b === ZERO_EXPONENT || c === ZERO_EXPONENT) return ZERO_EXPONENT;
  return a + b + c - shift;
}

/** Kind `gate`: h i32 and e i16 [rows]. */
export function gateForward(
  gate: usize,
  up: usize,
  gm: usize,
  um: usize,
  columns: i32,
  h: usize,
  e: usize,
  from: i32,
  to: i32,
  scratch: usize,
): void {
  const none = i32x4.splat(0);
  const one = held(1);
  const low = held(-ROW_LIMIT);
  const high = held(ROW_LIMIT);
  for (let t = <usize>from; t < <usize>to; t++) {
    const shiftG = shiftOfRow(gm, t, Q16);
    const shiftU = shiftOfRow(um, t, Q16);
    const row = (t * <usize>columns) << 2;
    const rowG = regularRow(gate + row, columns, shiftG, copyOf(scratch, 0, columns));
    const rowU = regularRow(up + row, columns, shiftU, copyOf(scratch, 1, columns));
    const placesG = regularPlaces(shiftG);
    const placesU = regularPlaces(shiftU);
    let i = 0;
    for (; i + 8 <= columns; i += 8) {
      const at = (<usize>i) << 2;
      const to = h + row + at;
      const g = between(halved(v128.load(rowG + at), placesG, one), none, high);
      const g1 = between(halved(v128.load(rowG + at, 16), placesG, one), none, high);
      const u = between(halved(v128.load(rowU + at), placesU, one), low, high);
      const u1 = between(halved(v128.load(rowU + at, 16), placesU, one), low, high);
      v128.store(to, i32x4.mul(i32x4.shr_s(i32x4.mul(g, g), 15), u));
      v128.store(to, i32x4.mul(i32x4.shr_s(i32x4.mul(g1, g1), 15), u1), 16);
    }
    for (; i < columns; i++) {
      const at = row + ((<usize>i) << 2);
      const g = narrowOne(max(0, load<i32>(gate + at)), shiftG, ROW_LIMIT);
      const u = narrowOne(load<i32>(up + at), shiftU, ROW_LIMIT);
      store<i32>(h + at, ((g * g) >> 15) * u);
    }
    const eg = exponentAt(gm + (t << 1), ROW_BITS);
    const eu = exponentAt(um + (t << 1), ROW_BITS);
    store<i16>(e + (t << 1), <i16>joinExponents(eg, eg, eu, 15));
  }
}

/** Kind `gate.backward`: d i32 and e i16 [rows]; `side` 0 is the gate, 1 is up. */
export function gateBackward(
  dh: usize,
  de: usize,
  dhm: usize,
  gate: usize,
  up: usize,
  gm: usize,
  um: usize,
  columns: i32,
  side: i32,
  d: usize,
  e: usize,
  from: i32,
  to: i32,
  scratch: usize,
): void {
  const none = i32x4.splat(0);
  const one = held(1);
  const low = held(-ROW_LIMIT);
  const high = held(ROW_LIMIT);
  // The slope of up is a square of the gate, cut; that of the gate is rounded.
  const half = i32x4.splat(side === 1 ? 0 : 1 << 14);
  for (let t = <usize>from; t < <usize>to; t++) {
    const shiftG = shiftOfRow(gm, t, Q16);
    const shiftU = shiftOfRow(um, t, Q16);
    const shiftD = shiftOfRow(dhm, t, <i32>load<i16>(de + (t << 1)));
    const row = (t * <usize>columns) << 2;
    const rowG = regularRow(gate + row, columns, shiftG, copyOf(scratch, 0, columns));
    const rowU = regularRow(up + row, columns, shiftU, copyOf(scratch, 1, columns));
    const rowD = regularRow(dh + row, columns, shiftD, copyOf(scratch, 2, columns));
    const placesG = regularPlaces(shiftG);
    const placesD = regularPlaces(shiftD);
    const other = side === 1 ? rowG : rowU;
    const places = side === 1 ? placesG : regularPlaces(shiftU);
    const least = side === 1 ? none : low;
    let i = 0;
    for (; i + 8 <= columns; i += 8) {
      const at = (<usize>i) << 2;
      const to = d + row + at;
      const g = between(halved(v128.load(rowG + at), placesG, one), none, high);
      const g1 = between(halved(v128.load(rowG + at, 16), placesG, one), none, high);
      const u = between(halved(v128.load(other + at), places, one), least, high);
      const u1 = between(halved(v128.load(other + at, 16), places, one), least, high);
      const dhn = between(halved(v128.load(rowD + at), placesD, one), low, high);
      const dhn1 = between(halved(v128.load(rowD + at, 16), placesD, one), low, high);
      const slope = i32x4.shr_s(i32x4.add(i32x4.mul(g, u), half), 15);
      const slope1 = i32x4.shr_s(i32x4.add(i32x4.mul(g1, u1), half), 15);
      v128.store(to, i32x4.mul(dhn, slope));
      v128.store(to, i32x4.mul(dhn1, slope1), 16);
    }
    for (; i < columns; i++) {
      const at = row + ((<usize>i) << 2);
      const g = narrowOne(max(0, load<i32>(gate + at)), shiftG, ROW_LIMIT);
      const u = narrowOne(load<i32>(up + at), shiftU, ROW_LIMIT);
      const dhn = narrowOne(load<i32>(dh + at), shiftD, ROW_LIMIT);
      const slope = side === 1 ? (g * g) >> 15 : <i32>rsh(<i64>(g * u), 15);
      store<i32>(d + at, dhn * slope);
    }
    const edh = exponentAt(dhm + (t << 1), ROW_BITS);
    const eg = exponentAt(gm + (t << 1), ROW_BITS);
    const eu = exponentAt(um + (t << 1), ROW_BITS);
    const joined = side === 1 ? joinExponents(edh, eg, eg, 15) : joinExponents(edh, eg, eu, 16);
    store<i16>(e + (t << 1), <i16>joined);
  }
}
