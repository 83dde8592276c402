/** The squared-ReLU gate, forward and backward: the kinds of ops/gate.ts. Parts are rows. */
import { rshLanes } from "./epilogue";
import { rsh, ZERO_EXPONENT } from "./integer";
import { narrowLanes, narrowOne, rowShift } from "./lanes";
import { exponentAt } from "./linear";

const ROW_BITS: i32 = 16;
const LIMIT: i32 = 32767;
const Q16: i32 = 16;

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
  _scratch: usize,
): void {
  const zero = i32x4.splat(0);
  for (let t = <usize>from; t < <usize>to; t++) {
    const shiftG = shiftOfRow(gm, t, Q16);
    const shiftU = shiftOfRow(um, t, Q16);
    const row = (t * <usize>columns) << 2;
    let i = 0;
    for (; i + 4 <= columns; i += 4) {
      const at = row + ((<usize>i) << 2);
      const g = narrowLanes(i32x4.max_s(zero, v128.load(gate + at)), shiftG, LIMIT);
      const u = narrowLanes(v128.load(up + at), shiftU, LIMIT);
      v128.store(h + at, i32x4.mul(i32x4.shr_s(i32x4.mul(g, g), 15), u));
    }
    for (; i < columns; i++) {
      const at = row + ((<usize>i) << 2);
      const g = narrowOne(max(0, load<i32>(gate + at)), shiftG, LIMIT);
      const u = narrowOne(load<i32>(up + at), shiftU, LIMIT);
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
  _scratch: usize,
): void {
  const zero = i32x4.splat(0);
  for (let t = <usize>from; t < <usize>to; t++) {
    const shiftG = shiftOfRow(gm, t, Q16);
    const shiftU = shiftOfRow(um, t, Q16);
    const shiftD = shiftOfRow(dhm, t, <i32>load<i16>(de + (t << 1)));
    const row = (t * <usize>columns) << 2;
    let i = 0;
    for (; i + 4 <= columns; i += 4) {
      const at = row + ((<usize>i) << 2);
      const g = narrowLanes(i32x4.max_s(zero, v128.load(gate + at)), shiftG, LIMIT);
      const dhn = narrowLanes(v128.load(dh + at), shiftD, LIMIT);
      let slope: v128;
      if (side === 1) slope = i32x4.shr_s(i32x4.mul(g, g), 15);
      else slope = rshLanes(i32x4.mul(g, narrowLanes(v128.load(up + at), shiftU, LIMIT)), 15);
      v128.store(d + at, i32x4.mul(dhn, slope));
    }
    for (; i < columns; i++) {
      const at = row + ((<usize>i) << 2);
      const g = narrowOne(max(0, load<i32>(gate + at)), shiftG, LIMIT);
      const u = narrowOne(load<i32>(up + at), shiftU, LIMIT);
      const dhn = narrowOne(load<i32>(dh + at), shiftD, LIMIT);
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
