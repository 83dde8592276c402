/**
 * The inner loops that every matrix product of the engine ends in. Panels hold 16 columns with the
 * reduction outside; a block is 2 rows by all of them, of which V8 joins neighbours to 256 bits
 * where it may, or 4 rows by 8. Either leaves room in 16 registers.
 * Nothing here rounds, saturates or knows what the numbers mean.
 */

/** i16 panels: `[depth / 2][16 columns][2]`, 64 bytes per pair of reduction steps. */
export const PANEL_I16_PAIR_BYTES: usize = 64;
/** Code panels: `[depth / 4][16 columns][4]`, 64 bytes per four reduction steps. */
export const PANEL_CODE_QUAD_BYTES: usize = 64;
/** Reduction steps of one panel. Sixty-four steps of four codes is exactly what i16 holds. */
export const DEPTH_MAX: i32 = 256;

function dotI16(sum: v128, a: v128, b: v128): v128 {
  return i32x4.add(sum, i32x4.dot_i16x8_s(a, b));
}

/**
 * Adds eight sums to `c` or, fresh, leaves only them there. V8 joins no halves of sums that begin behind a branch, so they
 * begin with zero and not with what is there, nor of stores with a load between them.
 */
function storeSums(c: usize, fresh: bool, s0: v128, s1: v128): void {
  if (fresh) {
    v128.store(c, s0);
    v128.store(c, s1, 16);
    return;
  }
  const c0 = v128.load(c);
  const c1 = v128.load(c, 16);
  v128.store(c, i32x4.add(c0, s0));
  v128.store(c, i32x4.add(c1, s1), 16);
}

/**
 * Adds rows `a[0..rows)` (i16, `strideA` bytes apart) times an i16 panel to `c` (i32, `strideC`
 * bytes apart), `depth` steps, a multiple of 4. With `fresh`, `c` is written instead of added to.
 * Rows past `rows` repeat row 0, and are not stored.
 * Sums wrap at 32 bits; the program's bound check proves that they never do.
 */
export function tileI16(
  a: usize,
  strideA: usize,
  rows: i32,
  panel: usize,
  c: usize,
  strideC: usize,
  depth: i32,
  fresh: bool,
): void {
  let a0 = a;
  let a1 = rows > 1 ? a + strideA : a;
  let a2 = rows > 2 ? a + 2 * strideA : a;
  let a3 = rows > 3 ? a + 3 * strideA : a;
  let s00 = i32x4.splat(0);
  let s01 = s00;
  let s10 = s00;
  let s11 = s00;
  let s20 = s00;
  let s21 = s00;
  let s30 = s00;
  let s31 = s00;
  for (let k = 0; k < depth; k += 4) {
    let b0 = v128.load(panel);
    let b1 = v128.load(panel, 16);
    let x = v128.load32_splat(a0);
    s00 = dotI16(s00, x, b0);
    s01 = dotI16(s01, x, b1);
    x = v128.load32_splat(a1);
    s10 = dotI16(s10, x, b0);
    s11 = dotI16(s11, x, b1);
    x = v128.load32_splat(a2);
    s20 = dotI16(s20, x, b0);
    s21 = dotI16(s21, x, b1);
    x = v128.load32_splat(a3);
    s30 = dotI16(s30, x, b0);
    s31 = dotI16(s31, x, b1);
    b0 = v128.load(panel, 64);
    b1 = v128.load(panel, 80);
    x = v128.load32_splat(a0, 4);
    s00 = dotI16(s00, x, b0);
    s01 = dotI16(s01, x, b1);
    x = v128.load32_splat(a1, 4);
    s10 = dotI16(s10, x, b0);
    s11 = dotI16(s11, x, b1);
    x = v128.load32_splat(a2, 4);
    s20 = dotI16(s20, x, b0);
    s21 = dotI16(s21, x, b1);
    x = v128.load32_splat(a3, 4);
    s30 = dotI16(s30, x, b0);
    s31 = dotI16(s31, x, b1);
    a0 += 8;
    a1 += 8;
    a2 += 8;
    a3 += 8;
    panel += 128;
  }
  storeSums(c, fresh, s00, s01);
  if (rows > 1) storeSums(c + strideC, fresh, s10, s11);
  if (rows > 2) storeSums(c + 2 * strideC, fresh, s20, s21);
  if (rows > 3) storeSums(c + 3 * strideC, fresh, s30, s31);
}

/** As `tileI16` for two rows and all 16 columns of a panel. */
export function tileWideI16(
  a: usize,
  strideA: usize,
  rows: i32,
  panel: usize,
  c: usize,
  strideC: usize,
  depth: i32,
  fresh: bool,
): void {
  let a0 = a;
  let a1 = rows > 1 ? a + strideA : a;
  let s00 = i32x4.splat(0);
  let s01 = s00;
  let s02 = s00;
  let s03 = s00;
  let s10 = s00;
  let s11 = s00;
  let s12 = s00;
  let s13 = s00;
  for (let k = 0; k < depth; k += 4) {
    let x = v128.load32_splat(a0);
    let y = v128.load32_splat(a1);
    let b = v128.load(panel);
    s00 = dotI16(s00, x, b);
    s10 = dotI16(s10, y, b);
    b = v128.load(panel, 16);
    s01 = dotI16(s01, x, b);
    s11 = dotI16(s11, y, b);
    b = v128.load(panel, 32);
    s02 = dotI16(s02, x, b);
    s12 = dotI16(s12, y, b);
    b = v128.load(panel, 48);
    s03 = dotI16(s03, x, b);
    s13 = dotI16(s13, y, b);
    x = v128.load32_splat(a0, 4);
    y = v128.load32_splat(a1, 4);
    b = v128.load(panel, 64);
    s00 = dotI16(s00, x, b);
    s10 = dotI16(s10, y, b);
    b = v128.load(panel, 80);
    s01 = dotI16(s01, x, b);
    s11 = dotI16(s11, y, b);
    b = v128.load(panel, 96);
    s02 = dotI16(s02, x, b);
    s12 = dotI16(s12, y, b);
    b = v128.load(panel, 112);
    s03 = dotI16(s03, x, b);
    s13 = dotI16(s13, y, b);
    a0 += 8;
    a1 += 8;
    panel += 128;
  }
  storeSums(c, fresh, s00, s01);
  storeSums(c + 32, fresh, s02, s03);
  if (rows <= 1) return;
  storeSums(c + strideC, fresh, s10, s11);
  storeSums(c + strideC + 32, fresh, s12, s13);
}

/**
 * One relaxed dot product, used only where both readings of its definition agree: `codes` lie in
 * 0..2, so the 7-bit operand is exact, and a pair sum lies in [-512, 508], so nothing saturates.
 */
export function dotCodes(sum: v128, a: v128, codes: v128): v128 {
  return i16x8.add(sum, i16x8.relaxed_dot_i8x16_i7x16_s(a, codes));
}

function storeCodeSums(
  c: usize,
  sum: usize,
  fresh: bool,
  s0: v128,
  s1: v128,
  s2: v128,
  s3: v128,
): void {
  let c0: v128;
  let c1: v128;
  let c2: v128;
  let c3: v128;
  if (fresh) {
    c0 = i32x4.neg(v128.load32_splat(sum));
    c1 = c0;
    c2 = c0;
    c3 = c0;
  } else {
    c0 = v128.load(c);
    c1 = v128.load(c, 16);
    c2 = v128.load(c, 32);
    c3 = v128.load(c, 48);
  }
  v128.store(c, i32x4.add(c0, i32x4.extadd_pairwise_i16x8_s(s0)));
  v128.store(c, i32x4.add(c1, i32x4.extadd_pairwise_i16x8_s(s1)), 16);
  v128.store(c, i32x4.add(c2, i32x4.extadd_pairwise_i16x8_s(s2)), 32);
  v128.store(c, i32x4.add(c3, i32x4.extadd_pairwise_i16x8_s(s3)), 48);
}

/**
 * As `tileWideI16` for int8 rows times a panel of codes w + 1 in {0, 1, 2}; `depth` is a multiple of 8.
 * With `fresh` a row starts at minus its own sum (`sums`, i32), which takes the offset back:
 * sum(a * (w + 1)) - sum(a) = sum(a * w).
 *
 * Bound: each i16 lane gathers two products a step, in [2 * 2 * -128, 2 * 2 * 127] = [-512, 508];
 * `depth` <= 256 is 64 steps, so a lane stays in [-32768, 32512] and never wraps.
 */
export function tileCodes(
  a: usize,
  strideA: usize,
  rows: i32,
  panel: usize,
  c: usize,
  strideC: usize,
  sums: usize,
  depth: i32,
  fresh: bool,
): void {
  let a0 = a;
  let a1 = rows > 1 ? a + strideA : a;
  let s00 = i32x4.splat(0);
  let s01 = s00;
  let s02 = s00;
  let s03 = s00;
  let s10 = s00;
  let s11 = s00;
  let s12 = s00;
  let s13 = s00;
  for (let k = 0; k < depth; k += 8) {
    let x = v128.load32_splat(a0);
    let y = v128.load32_splat(a1);
    let b = v128.load(panel);
    s00 = dotCodes(s00, x, b);
    s10 = dotCodes(s10, y, b);
    b = v128.load(panel, 16);
    s01 = dotCodes(s01, x, b);
    s11 = dotCodes(s11, y, b);
    b = v128.load(panel, 32);
    s02 = dotCodes(s02, x, b);
    s12 = dotCodes(s12, y, b);
    b = v128.load(panel, 48);
    s03 = dotCodes(s03, x, b);
    s13 = dotCodes(s13, y, b);
    x = v128.load32_splat(a0, 4);
    y = v128.load32_splat(a1, 4);
    b = v128.load(panel, 64);
    s00 = dotCodes(s00, x, b);
    s10 = dotCodes(s10, y, b);
    b = v128.load(panel, 80);
    s01 = dotCodes(s01, x, b);
    s11 = dotCodes(s11, y, b);
    b = v128.load(panel, 96);
    s02 = dotCodes(s02, x, b);
    s12 = dotCodes(s12, y, b);
    b = v128.load(panel, 112);
    s03 = dotCodes(s03, x, b);
    s13 = dotCodes(s13, y, b);
    a0 += 8;
    a1 += 8;
    panel += 128;
  }
  storeCodeSums(c, sums, fresh, s00, s01, s02, s03);
  if (rows > 1) storeCodeSums(c + strideC, sums + 4, fresh, s10, s11, s12, s13);
}
