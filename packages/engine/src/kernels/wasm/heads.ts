/**
 * Between rows per token and rows per token of a head: the kinds of ops/heads.ts.
 * A head's row of up to 1,024 values passes through this thread's strip of scratch.
 */
import { bitLength, NO_MAGNITUDE, ZERO_EXPONENT } from "./integer";
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
import { magnitudeBits, quantiseRow } from "./quantise";
import { LEFT_OFFSET, PANEL_OFFSET, STRIP_OFFSET } from "./scratch";

const ROW_BITS: i32 = 16;
const HEAD_BITS: i32 = 8;

/** Rotates a row of i32 mantissas in place by one row of the table (i16 Q14: cosines, then sines). */
function rotateRow(values: usize, size: i32, table: usize, direction: i32): void {
  const half = size >> 1;
  const halfBytes = (<usize>half) << 2;
  let i = 0;
  const round = held(8192);
  const turn = i16x8.splat(<i16>direction);
  for (; i + 8 <= half; i += 8) {
    const p = values + ((<usize>i) << 2);
    const angle = table + ((<usize>i) << 1);
    // V8 joins two loads that widen into one of other places: words are read once and widened twice.
    const cosines = v128.load(angle);
    const sines = i16x8.mul(turn, v128.load(angle + ((<usize>half) << 1)));
    const cosine0 = i32x4.extend_low_i16x8_s(cosines);
    const cosine1 = i32x4.extend_high_i16x8_s(cosines);
    const sine0 = i32x4.extend_low_i16x8_s(sines);
    const sine1 = i32x4.extend_high_i16x8_s(sines);
    const a0 = v128.load(p);
    const a1 = v128.load(p, 16);
    const b0 = v128.load(p + halfBytes);
    const b1 = v128.load(p + halfBytes, 16);
    const x0 = i32x4.sub(i32x4.mul(a0, cosine0), i32x4.mul(b0, sine0));
    const x1 = i32x4.sub(i32x4.mul(a1, cosine1), i32x4.mul(b1, sine1));
    const y0 = i32x4.add(i32x4.mul(a0, sine0), i32x4.mul(b0, cosine0));
    const y1 = i32x4.add(i32x4.mul(a1, sine1), i32x4.mul(b1, cosine1));
    v128.store(p, i32x4.shr_s(i32x4.add(x0, round), 14));
    v128.store(p, i32x4.shr_s(i32x4.add(x1, round), 14), 16);
    v128.store(p + halfBytes, i32x4.shr_s(i32x4.add(y0, round), 14));
    v128.store(p + halfBytes, i32x4.shr_s(i32x4.add(y1, round), 14), 16);
  }
  for (; i < half; i++) {
    const p = values + ((<usize>i) << 2);
    const angle = table + ((<usize>i) << 1);
    const cosine = <i32>load<i16>(angle);
    const sine = direction * <i32>load<i16>(angle + ((<usize>half) << 1));
    const a = load<i32>(p);
    const b = load<i32>(p + halfBytes);
    store<i32>(p, (a * cosine - b * sine + 8192) >> 14);
    store<i32>(p + halfBytes, (a * sine + b * cosine + 8192) >> 14);
  }
}

/** 16-bit mantissas of an i32 row, as i32. */
function narrowRow(x: usize, size: i32, shift: i32, out: usize, scratch: usize): void {
  const row = regularRow(x, size, shift, scratch + LEFT_OFFSET);
  const places = regularPlaces(shift);
  const one = held(1);
  const low = held(-ROW_LIMIT);
  const high = held(ROW_LIMIT);
  let i = 0;
  for (; i + 8 <= size; i += 8) {
    const at = (<usize>i) << 2;
    const a = between(halved(v128.load(row + at), places, one), low, high);
    const b = between(halved(v128.load(row + at, 16), places, one), low, high);
    v128.store(out + at, a);
    v128.store(out + at, b, 16);
  }
  for (; i < size; i++) {
    const at = (<usize>i) << 2;
    store<i32>(out + at, narrowOne(load<i32>(x + at), shift, ROW_LIMIT));
  }
}

/**
 * Kinds `heads.split` (`rope` 0) and `heads.rotate`. Parts are rows [sequence, head, position].
 * `x` i32 [tokens, heads * size], `exponents` i16 [tokens] or 0 with the shared `exponent`,
 * `rope` i16 [positions, size], whose first row is `start` or, for decoding, the i32 at `startAt`; writes `z` in `zBits`
 * bits, int8 up to 8 and i16 above, and `e` i16.
 */
export function splitHeads(
  x: usize,
  exponents: usize,
  exponent: i32,
  rope: usize,
  heads: i32,
  length: i32,
  size: i32,
  start: i32,
  startAt: usize,
  zBits: i32,
  z: usize,
  e: usize,
  from: i32,
  to: i32,
  scratch: usize,
): void {
  const values = scratch + STRIP_OFFSET;
  const begin = startAt === 0 ? start : load<i32>(startAt);
  for (let row = from; row < to; row++) {
    const block = row / length;
    const position = row - block * length;
    const sequence = block / heads;
    const token = sequence * length + position;
    const head = block - sequence * heads;
    const source = x + ((<usize>token * <usize>(heads * size) + <usize>(head * size)) << 2);
    const own = exponents === 0 ? exponent : <i32>load<i16>(exponents + ((<usize>token) << 1));
    const out = z + ((<usize>row * <usize>size) << (zBits <= 8 ? 0 : 1));
    const place = e + ((<usize>row) << 1);
    const bits =
      rope === 0 ? 0 : bitLength(magnitudeBits(source, size, false, scratch + PANEL_OFFSET));
    if (bits === 0) {
      storeHead(source, size, own, zBits, out, place, scratch);
      continue;
    }
    narrowRow(source, size, bits - (ROW_BITS - 1), values, scratch);
    rotateRow(values, size, rope + ((<usize>((position + begin) * size)) << 1), 1);
    // A rotation can round a tiny row to zero.
    storeHead(values, size, ROW_BITS - 1 - (bits - own), zBits, out, place, scratch);
  }
}

/** A row in `bits` bits and its exponent, `own` being the exponent of its values. */
function storeHead(
  values: usize,
  size: i32,
  own: i32,
  bits: i32,
  out: usize,
  e: usize,
  scratch: usize,
): void {
  const length = bitLength(magnitudeBits(values, size, false, scratch + PANEL_OFFSET));
  if (length === 0) {
    memory.fill(out, 0, (<usize>size) << (bits <= 8 ? 0 : 1));
    store<i16>(e, <i16>ZERO_EXPONENT);
    return;
  }
  quantiseRow(values, size, length - (bits - 1), bits, out, scratch);
  store<i16>(e, <i16>(bits - 1 - (length - own)));
}

/** A row times one factor, in place. */
function multiplyRow(values: usize, size: i32, multiplier: i32): void {
  const by = i32x4.splat(multiplier);
  let i = 0;
  for (; i + 8 <= size; i += 8) {
    const at = values + ((<usize>i) << 2);
    const a = i32x4.mul(v128.load(at), by);
    const b = i32x4.mul(v128.load(at, 16), by);
    v128.store(at, a);
    v128.store(at, b, 16);
  }
  for (; i < size; i++) {
    const at = values + ((<usize>i) << 2);
    store<i32>(at, load<i32>(at) * multiplier);
  }
}

function headRow(token: i32, head: i32, heads: i32, length: i32): usize {
  const sequence = token / length;
  return <usize>((sequence * heads + head) * length + (token - sequence * length));
}

/** Kind `heads.magnitude`: i16 [tokens, chunks of heads]. Parts are tokens. `m` i16 per head row. */
export function headsMagnitude(
  x: usize,
  m: usize,
  heads: i32,
  length: i32,
  size: i32,
  chunk: i32,
  out: usize,
  from: i32,
  to: i32,
  scratch: usize,
): void {
  const chunks = (heads + chunk - 1) / chunk;
  for (let token = from; token < to; token++) {
    for (let c = 0; c < chunks; c++) {
      let best = NO_MAGNITUDE;
      for (let head = c * chunk; head < min(heads, (c + 1) * chunk); head++) {
        const row = headRow(token, head, heads, length);
        const source = x + ((row * <usize>size) << 2);
        const bits = bitLength(magnitudeBits(source, size, false, scratch + PANEL_OFFSET));
        if (bits !== 0) best = max(best, bits - exponentAt(m + (row << 1), HEAD_BITS));
      }
      store<i16>(out + ((<usize>(token * chunks + c)) << 1), <i16>best);
    }
  }
}

/**
 * Kind `heads.merge`: y i32 [tokens, heads * size], e i16 [tokens]. Parts are tokens. With `rope`
 * each head is turned back and multiplied by `multiplier`.
 */
export function mergeHeads(
  x: usize,
  m: usize,
  magnitudes: usize,
  rope: usize,
  heads: i32,
  length: i32,
  size: i32,
  multiplier: i32,
  y: usize,
  e: usize,
  from: i32,
  to: i32,
  scratch: usize,
): void {
  for (let token = from; token < to; token++) {
    const own = <i32>load<i16>(magnitudes + ((<usize>token) << 1));
    for (let head = 0; head < heads; head++) {
      const row = headRow(token, head, heads, length);
      const shift = rowShift(own, exponentAt(m + (row << 1), HEAD_BITS), ROW_BITS);
      const source = x + ((row * <usize>size) << 2);
      const out = y + ((<usize>token * <usize>(heads * size) + <usize>(head * size)) << 2);
      narrowRow(source, size, shift, out, scratch);
      if (rope === 0) continue;
      rotateRow(out, size, rope + ((<usize>((token % length) * size)) << 1), -1);
      multiplyRow(out, size, multiplier);
    }
    const exponent = own === NO_MAGNITUDE ? ZERO_EXPONENT : ROW_BITS - 1 - own;
    const extra = exponent !== ZERO_EXPONENT && multiplier > 0 ? 15 : 0;
    store<i16>(e + ((<usize>token) << 1), <i16>(exponent + extra));
  }
}
