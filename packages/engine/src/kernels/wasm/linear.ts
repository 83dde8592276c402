/**
 * Kinds `linear` and `linear.backward` of ops/linear.ts: ternary product, adapter, scales, residual.
 *
 * Parts are rows of the output (`byColumns` 0) or, for few rows, columns in steps of 16: every
 * column is computed from whole rows of the left operand, so both divisions give the same bytes.
 */
import { denseProduct, rowSums, widen } from "./dense";
import { addRun, alignRun, scaleRun } from "./epilogue";
import { bitLength, bitLengthWide, NO_MAGNITUDE, rsh, ZERO_EXPONENT } from "./integer";
import {
  LEFT_OFFSET,
  PANEL_OFFSET,
  rowsPerBlock,
  STRIP_COLUMNS,
  STRIP_OFFSET,
  SUMS_OFFSET,
} from "./scratch";
import { ternaryForward, ternaryRow, ternaryTransposed } from "./ternary";

const FACTOR_BITS: i32 = 12;
const BACKWARD_SHIFT: i32 = 10;
const BY_COLUMNS_WIDE: i32 = 3;

/** Exponent of mantissas of `bits` bits at the magnitude stored at `m` (i16). */
export function exponentAt(m: usize, bits: i32): i32 {
  const magnitude = <i32>load<i16>(m);
  return magnitude === NO_MAGNITUDE ? ZERO_EXPONENT : bits - 1 - magnitude;
}

/** Lays int8 rows out for `ternaryStrip`: with their sums, or as i16; returns where they lie. */
function layOut(a: usize, rows: i32, depth: i32, scratch: usize): usize {
  if (ASC_FEATURE_RELAXED_SIMD) {
    rowSums(a, depth, rows, depth, scratch + SUMS_OFFSET);
    return a;
  }
  const left = scratch + LEFT_OFFSET;
  widen(a, left, rows * depth);
  return left;
}

/** Exact sums of `rows` rows and columns [n0, n1) of the product into `c`, stride `outputs`. */
function ternaryStrip(
  left: usize,
  weights: usize,
  c: usize,
  rows: i32,
  depth: i32,
  outputs: i32,
  n0: i32,
  n1: i32,
  transposed: bool,
  scratch: usize,
): void {
  const sums = scratch + SUMS_OFFSET;
  const panel = scratch + PANEL_OFFSET;
  if (transposed) {
    ternaryTransposed(left, depth, sums, weights, c, outputs, rows, depth, outputs, n0, n1, panel);
    return;
  }
  if (rows === 1) {
    ternaryRow(left, sums, weights, c, depth, n0, n1);
    return;
  }
  ternaryForward(left, depth, sums, weights, c, outputs, rows, depth, n0, n1, panel);
}

/**
 * low[t, j] = sum over the rank of u[t, ..] * factor[.., n0 + j], i32 [rows, STRIP_COLUMNS].
 */
function rankStrip(
  u: usize,
  factor: usize,
  rank: i32,
  outputs: i32,
  rows: i32,
  n0: i32,
  count: i32,
  scratch: usize,
): void {
  denseProduct(
    u,
    rank,
    factor + ((<usize>n0) << 1),
    outputs,
    BY_COLUMNS_WIDE,
    scratch + STRIP_OFFSET,
    STRIP_COLUMNS,
    rows,
    count,
    rank,
    1,
    scratch + PANEL_OFFSET,
  );
}

/** The same for rows from `first` on, of which each `shared` have their own of the factors. */
function rankStrips(
  u: usize,
  factors: usize,
  rank: i32,
  outputs: i32,
  shared: i32,
  first: i32,
  rows: i32,
  n0: i32,
  count: i32,
  scratch: usize,
): void {
  let height = 0;
  for (let i = 0; i < rows; i += height) {
    const t = first + i;
    const sequence = t / shared;
    height = min(rows - i, (sequence + 1) * shared - t);
    denseProduct(
      u + ((<usize>(t * rank)) << 1),
      rank,
      factors + ((<usize>(sequence * rank) * <usize>outputs + <usize>n0) << 1),
      outputs,
      BY_COLUMNS_WIDE,
      scratch + STRIP_OFFSET + ((<usize>(i * STRIP_COLUMNS)) << 2),
      STRIP_COLUMNS,
      height,
      count,
      rank,
      1,
      scratch + PANEL_OFFSET,
    );
  }
}

/**
 * Kinds `linear` and `decode.linear`:
 * y = SAT30(RSH(acc * c15, E + 4 - k) + RSH(low, ue + be - alphaShift - 16)), plus the residual.
 * `scale` i32 [mantissa, exponent]; `m` i32 [rows]; adapter: `u` i16 [rows, rank], `ue` i16 [rows],
 * `b` i16 [rank, outputs] and `bm` i16 [1] for each `shared` rows, all 0 when absent; `residual`
 * i32 [rows, outputs] or 0.
 * `transposed` says that `weights` holds the transpose, packed as [inputs, outputs].
 */
export function linearRows(
  x: usize,
  weights: usize,
  scale: usize,
  m: usize,
  u: usize,
  ue: usize,
  b: usize,
  bm: usize,
  residual: usize,
  y: usize,
  rows: i32,
  inputs: i32,
  outputs: i32,
  rank: i32,
  alphaShift: i32,
  transposed: i32,
  byColumns: i32,
  shared: i32,
  from: i32,
  to: i32,
  scratch: usize,
): void {
  const rowEnd = byColumns !== 0 ? rows : to;
  const n0 = byColumns !== 0 ? from : 0;
  const n1 = byColumns !== 0 ? to : outputs;
  const block = rowsPerBlock(ASC_FEATURE_RELAXED_SIMD ? inputs : inputs << 1);
  const mantissa = <i64>load<i32>(scale);
  const exponent = load<i32>(scale, 4);
  const sumBits = bitLength(<u32>(128 * inputs));
  for (let t0 = byColumns !== 0 ? 0 : from; t0 < rowEnd; t0 += block) {
    const height = min(block, rowEnd - t0);
    const first = <usize>t0;
    const out = y + ((first * <usize>outputs) << 2);
    const left = layOut(x + first * <usize>inputs, height, inputs, scratch);
    for (let n = n0; n < n1; n += STRIP_COLUMNS) {
      const count = min(STRIP_COLUMNS, n1 - n);
      const end = n + count;
      const turned = transposed !== 0;
      ternaryStrip(left, weights, out, height, inputs, outputs, n, end, turned, scratch);
      if (u !== 0) {
        rankStrips(u, b, rank, outputs, shared, t0, height, n, count, scratch);
      }
      for (let i = 0; i < height; i++) {
        const t = t0 + i;
        const rowScale = (mantissa * <i64>load<i32>(m + ((<usize>t) << 2)) * 256) / 127;
        const k = bitLengthWide(<u64>rowScale) - 15;
        const c15 = <i32>rsh(rowScale, k);
        const at = y + ((<usize>t * <usize>outputs + <usize>n) << 2);
        let low: usize = 0;
        let lowShift = 0;
        if (u !== 0) {
          low = scratch + STRIP_OFFSET + ((<usize>(i * STRIP_COLUMNS)) << 2);
          const factorExponent = exponentAt(bm + ((<usize>(t / shared)) << 1), FACTOR_BITS);
          lowShift = <i32>load<i16>(ue + ((<usize>t) << 1)) + factorExponent - alphaShift - 16;
        }
        scaleRun(at, low, count, c15, exponent + 4 - k, lowShift, sumBits + 16);
        if (residual !== 0) addRun(residual + (at - y), at, count);
      }
    }
  }
}

/**
 * dx = SAT30(RSH(acc * M, 10) + RSH(low, due + ae - own)) with own = dye + E - 10, then aligned with
 * the addend to the smaller exponent. `dm` i16 [rows]; adapter `du`, `due`, `a` i16 [rank, outputs],
 * `am`, `addend` i32 and `addendE` i16 may be 0. Writes `dx` i32 and, for whole rows or by the part
 * that owns column 0, `e` i16 [rows]. `inputs` are the columns of dy8, `outputs` those of dx.
 * `transposed` as above: then `weights` holds W itself.
 */
export function linearBackwardRows(
  dy: usize,
  dm: usize,
  weights: usize,
  scale: usize,
  du: usize,
  due: usize,
  a: usize,
  am: usize,
  addend: usize,
  addendE: usize,
  dx: usize,
  e: usize,
  rows: i32,
  inputs: i32,
  outputs: i32,
  rank: i32,
  transposed: i32,
  byColumns: i32,
  from: i32,
  to: i32,
  scratch: usize,
): void {
  const rowEnd = byColumns !== 0 ? rows : to;
  const n0 = byColumns !== 0 ? from : 0;
  const n1 = byColumns !== 0 ? to : outputs;
  const block = rowsPerBlock(ASC_FEATURE_RELAXED_SIMD ? inputs : inputs << 1);
  const factorExponent = du === 0 ? 0 : exponentAt(am, FACTOR_BITS);
  const mantissa = load<i32>(scale);
  const sumBits = bitLength(<u32>(128 * inputs));
  for (let t0 = byColumns !== 0 ? 0 : from; t0 < rowEnd; t0 += block) {
    const height = min(block, rowEnd - t0);
    const first = <usize>t0;
    const out = dx + ((first * <usize>outputs) << 2);
    const left = layOut(dy + first * <usize>inputs, height, inputs, scratch);
    for (let n = n0; n < n1; n += STRIP_COLUMNS) {
      const count = min(STRIP_COLUMNS, n1 - n);
      const end = n + count;
      const turned = transposed !== 0;
      ternaryStrip(left, weights, out, height, inputs, outputs, n, end, turned, scratch);
      if (du !== 0) {
        const rowsU = du + ((first * <usize>rank) << 1);
        rankStrip(rowsU, a, rank, outputs, height, n, count, scratch);
      }
      for (let i = 0; i < height; i++) {
        const t = <usize>(t0 + i);
        const row = exponentAt(dm + (t << 1), 8);
        const own = row === ZERO_EXPONENT ? row : row + load<i32>(scale, 4) - BACKWARD_SHIFT;
        const other = addendE === 0 ? ZERO_EXPONENT : <i32>load<i16>(addendE + (t << 1));
        const common = min(own, other);
        const at = dx + ((t * <usize>outputs + <usize>n) << 2);
        let low: usize = 0;
        let lowShift = 0;
        if (du !== 0) {
          low = scratch + STRIP_OFFSET + ((<usize>(i * STRIP_COLUMNS)) << 2);
          lowShift = <i32>load<i16>(due + (t << 1)) + factorExponent - own;
        }
        scaleRun(at, low, count, mantissa, BACKWARD_SHIFT, lowShift, sumBits + 15);
        if (addend !== 0) alignRun(addend + (at - dx), other - common, at, own - common, count);
        if (n === 0) store<i16>(e + (t << 1), <i16>common);
      }
    }
  }
}
