/**
 * Errors of one unit, one for each thing that a kernel can get wrong: a rounding, a bound, an exponent,
 * an edge of a loop. `mutateKernels.ts` puts each into a copy of the sources and expects the
 * comparison with the reference to notice.
 */
export interface Mutant {
  readonly file: string;
  /** Text that stands in the file; its first occurrence is replaced. */
  readonly from: string;
  readonly to: string;
}

const of = (file: string, edits: readonly (readonly [from: string, to: string])[]): Mutant[] =>
  edits.map(([from, to]) => ({ file, from, to }));

export const mutants: readonly Mutant[] = [
  ...of("integer.ts", [
    [
      "if (s > 0) return (x + ((<i64>1) << (<i64>(s - 1)))) >> <i64>s;",
      "if (s > 0) return x >> (<i64>s);",
    ],
    ["return a >= 0 ? (a + half) / b : -((half - a) / b);", "return (a + half) / b;"],
    ["const interpolated = from - (", "const interpolated = from + ("],
    ["if (halvings > 30) return 0;", "if (halvings > 29) return 0;"],
    ["return ((<i64>whole) << 16) + from + (step >> 16);", "return ((<i64>whole) << 16) + from;"],
    ["x ^= x >>> 15;", "x ^= x >>> 14;"],
    ["if (shift < -16) return x > 0 ? limit : -limit;", "if (shift < -2) return limit;"],
  ]),
  ...of("lanes.ts", [
    [
      "const bit = v128.and(i32x4.shr_u(x, shift - 1), i32x4.splat(1));",
      "const bit = i32x4.splat(0);",
    ],
    ["i32x4.add(i32x4.shr_s(x, places), one)", "i32x4.shr_s(x, places)"],
    ["load<u64>(spare, 16) | load<u64>(spare, 24)", "load<u64>(spare, 16)"],
    ["shift, ROW_LIMIT), 2));", "shift, ROW_LIMIT), 1));"],
    ["SHIFT_TO_ZERO : m + e - (bits - 1)", "SHIFT_TO_ZERO : m + e - bits"],
    [
      "const moved = i32x4.shl(cut, min(-shift, 15));",
      "const moved = i32x4.shl(cut, min(-shift, 7));",
    ],
  ]),
  ...of("epilogue.ts", [
    ["v128.and(moved, bit)", "i32x4.splat(0)"],
    ["between(v128.bitselect(passed, sum, wrapped), low, high)", "between(sum, low, high)"],
    ["return shift > 16 ? 0 : 1 << (shift - 1);", "return shift > 15 ? 0 : 1 << (shift - 1);"],
    ["? 1 << (shift - 17) : 0;", "? 1 << (shift - 18) : 0;"],
    ["i32x4.add(high, i32x4.shr_u(low, places))", "i32x4.add(high, i32x4.shr_s(low, places))"],
    ["bits - shift <= 29", "bits - shift <= 59"],
    ["<i64>limit + 1) << (<i64>shift)", "<i64>limit) << (<i64>shift - 1)"],
    ["quiet ? 0 : -1", "quiet ? -1 : 0"],
    ["return min(max(s, 1), 32) - 1;", "return min(max(s, 1), 33) - 1;"],
  ]),
  ...of("tiles.ts", [
    ["s31 = dotI16(s31, x, b1);", "s31 = dotI16(s30, x, b1);"],
    ["s13 = dotI16(s13, y, b);", "s13 = dotI16(s12, y, b);"],
    ["s13 = dotCodes(s13, y, b);", "s13 = dotCodes(s13, x, b);"],
    ["v128.store(c, i32x4.add(c1, s1), 16);", "v128.store(c, i32x4.add(c0, s1), 16);"],
    ["if (rows > 3) storeSums(", "if (rows > 2) storeSums("],
    ["c0 = i32x4.neg(v128.load32_splat(sum));", "c0 = i32x4.splat(0);"],
    ["export const DEPTH_MAX: i32 = 256;", "export const DEPTH_MAX: i32 = 512;"],
  ]),
  ...of("ternary.ts", [
    [
      "0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15",
      "0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 15, 11",
    ],
    ["let c0 = i32x4.neg(v128.load32_splat(sum));", "let c0 = i32x4.splat(0);"],
  ]),
  ...of("dense.ts", [
    ["const present = k < depth;", "const present = k < depth - 1;"],
    ["(steps + 3) & ~3,", "steps & ~3,"],
    ["store<i32>(to, fresh ? load<i32>(from)", "store<i32>(to, !fresh ? load<i32>(from)"],
  ]),
  ...of("linear.ts", [
    ["exponent + 4 - k, lowShift", "exponent + 5 - k, lowShift"],
    ["factorExponent - alphaShift - 16", "factorExponent - alphaShift - 15"],
    ["const common = min(own, other);", "const common = own;"],
    ["const BACKWARD_SHIFT: i32 = 10;", "const BACKWARD_SHIFT: i32 = 11;"],
    ["* 256) / 127;", "* 256) / 128;"],
  ]),
  ...of("rank.ts", [
    ["sum = rsh(sum * c15, 15);", "sum = (sum * c15) >> 15;"],
    ["const RANK_BITS: i32 = 14;", "const RANK_BITS: i32 = 13;"],
    [
      "best = max(best, bitLengthWide(union) - foldExponent",
      "best = max(best, 1 + bitLengthWide(union) - foldExponent",
    ],
    ["const FOLD_BITS: i32 = 13;", "const FOLD_BITS: i32 = 12;"],
    ["const padded = (steps + 3) & ~3;", "const padded = steps & ~3;"],
  ]),
  ...of("quantise.ts", [
    ["if (bits === 0) continue;", "if (bits === 1) continue;"],
    ["b = v128.or(b, i32x4.abs(i32x4.max_s(v128.load(at, 16), floor)));", ""],
    ["halved(v128.load(p, 16), places, one), low", "halved(v128.load(p, 16), places, low), low"],
    ["total = sum !== 0 ? total + value : max(total, value);", "total = max(total, value);"],
    ["let best = maxLane(bests);", "let best = i32.MIN_VALUE;"],
  ]),
  ...of("norm.ts", [
    [
      "const cut = length > 30 ? (length - 29) & ~1 : 0;",
      "const cut = length > 30 ? (length - 28) & ~1 : 0;",
    ],
    [
      "rootShift = cutRoot + widthShift + 5 - (cut >> 1);",
      "rootShift = cutRoot + widthShift + 6 - (cut >> 1);",
    ],
    ["sums = i64x2.add(sums, i64x2.extend_high_i32x4_u(pairs));", ""],
    ["let bestsA = one;", "let bestsA = i32x4.splat(0);"],
    ["bestsB = i32x4.max_s(bestsB, i32x4.abs(b));", ""],
    ["const halfQ = held(1 << 22);", "const halfQ = held(0);"],
    ["const half24 = heldWide(1 << 23);", "const half24 = heldWide(0);"],
    ["const half8 = held(1 << 7);", "const half8 = held(0);"],
    ["const half12 = held(1 << 11);", "const half12 = held(0);"],
    ["const edge = (1 << 30) / by + 1;", "const edge = (1 << 29) / by;"],
    [
      "i32x4.mul(v128.and(hat, mask), gains), half)",
      "i32x4.mul(v128.and(hat, mask), gains), mask)",
    ],
    ["off > 0 ? 1 << (off - 1) : 0", "off > 1 ? 1 << (off - 1) : 0"],
    [
      "const e = narrowD + (31 - rootShift - narrowX) - 8;",
      "const e = narrowD + (31 - rootShift - narrowX) - 7;",
    ],
    ["sums = i64x2.add(sums, i64x2.extmul_low_i32x4_s(dg, hat));", ""],
  ]),
  ...of("gate.ts", [
    ["joinExponents(eg, eg, eu, 15)", "joinExponents(eg, eg, eu, 16)"],
    [
      "v128.store(to, i32x4.mul(i32x4.shr_s(i32x4.mul(g, g), 15), u));",
      "v128.store(to, i32x4.mul(i32x4.shr_s(i32x4.add(i32x4.mul(g, g), high), 15), u));",
    ],
    ["side === 1 ? joinExponents(edh, eg, eg, 15)", "side === 1 ? joinExponents(edh, eg, eu, 15)"],
    ["side === 1 ? 0 : 1 << 14", "0"],
    ["const least = side === 1 ? none : low;", "const least = none;"],
  ]),
  ...of("heads.ts", [
    ["const round = held(8192);", "const round = held(8191);"],
    ["i32x4.sub(i32x4.mul(a1, cosine1)", "i32x4.sub(i32x4.mul(a0, cosine1)"],
    ["const turn = i16x8.splat(<i16>direction);", "const turn = i16x8.splat(1);"],
    ["ROW_BITS - 1 - (bits - own), zBits", "ROW_BITS - (bits - own), zBits"],
    ["store<i16>(e, <i16>(bits - 1 - (length", "store<i16>(e, <i16>(bits - (length"],
    [
      "const extra = exponent !== ZERO_EXPONENT && multiplier > 0 ? 15 : 0;",
      "const extra = multiplier > 0 ? 15 : 0;",
    ],
    [
      "if (bits !== 0) best = max(best, bits - exponentAt",
      "if (bits !== 0) best = max(best, bits + 1 - exponentAt",
    ],
  ]),
  ...of("gather.ts", [
    [
      "return token >= 0 && token < vocabulary ? token : 0;",
      "return token >= 0 && token < vocabulary - 1 ? token : 0;",
    ],
    ["const isPast = position < pastLength;", "const isPast = position <= pastLength;"],
  ]),
  ...of("attention.ts", [
    [
      "const shift = extra + scalar(frameVe, j) - 14;",
      "const shift = extra + scalar(frameVe, j) - 13;",
    ],
    ["best += pairExponential(i, j) >> 12;", "best += pairExponential(i, j) >> 11;"],
    ["least = min(least, scalar(ve, row));", "least = scalar(ve, row);"],
    [
      "const shift = m === NO_MAGNITUDE ? SHIFT_TO_ZERO : m + e - 15;",
      "const shift = m === NO_MAGNITUDE ? SHIFT_TO_ZERO : m + e - 14;",
    ],
    [
      "const delta = <i32>rsh(<i64>integer(frameDelta, i), 15);",
      "const delta = integer(frameDelta, i) >> 15;",
    ],
    [
      "const shift = bitLength(sum) + 21 - scalar(x",
      "const shift = bitLength(sum) + 20 - scalar(x",
    ],
    ["rsh(((acc + 8) >> 4) * reciprocal", "rsh((acc >> 4) * reciprocal"],
    ["termExponent = scalar(frameDoe, i) + 15;", "termExponent = scalar(frameDoe, i) + 14;"],
    [
      "for (let i = position; i < queries; i++) {",
      "for (let i = position + 1; i < queries; i++) {",
    ],
    [
      "for (let j = 0; j < keyCount; j++) {\n      const by",
      "for (let j = 0; j < keyCount - 1; j++) {\n      const by",
    ],
  ]),
  ...of("powers.ts", [["i64x2.splat((<i64>257)", "i64x2.splat((<i64>256)"]]),
  ...of("attentionRows.ts", [
    [
      "const half = i64x2.splat((<i64>1) << (<i64>(shift - 1)));\n    const scales",
      "const half = i64x2.splat(0);\n    const scales",
    ],
    ["sum += <u32>e >> 12;", "sum += <u32>e >> 11;"],
    ["const shift = align + scalar(ve, j) - 14;", "const shift = align + scalar(ve, j) - 13;"],
    ["const all = align + veTop - 14;", "const all = align + veTop - 13;"],
  ]),
  ...of("attentionContext.ts", [
    [
      "const shift = bitLength(sum) + 21 - load<i32>(row, 4);",
      "const shift = bitLength(sum) + 20 - load<i32>(row, 4);",
    ],
    ["CONTEXT_DEPTH: i32 = 64;", "CONTEXT_DEPTH: i32 = 128;"],
  ]),
  ...of("attentionBackwardByQuery.ts", [
    ["const half = i32x4.splat(1 << (shift - 1));", "const half = i32x4.splat(0);"],
    [
      "v128.store(at, narrowLanes(v128.load(at), bits - 15, LIMIT));",
      "v128.store(at, narrowLanes(v128.load(at), bits - 14, LIMIT));",
    ],
    ["return <i32>rsh(<i64>sum, 15);", "return sum >> 15;"],
    ["const shift = bits - 7;", "const shift = bits - 8;"],
  ]),
  ...of("attentionColumns.ts", [
    ["if (places > 31) continue;", ""],
    ["columnMagnitude(x, rowBytes, half, g, count, column) : bits", "NO_MAGNITUDE : bits"],
  ]),
  ...of("attentionBackwardByKey.ts", [
    [
      "store<i32>(sums + sumBytes + at, scalar(doe, row0 + i) + 15);",
      "store<i32>(sums + sumBytes + at, scalar(doe, row0 + i) + 14);",
    ],
    ["member === 0", "true"],
  ]),
  ...of("head.ts", [
    [
      "const scaled = rsh(<i64>load<i32>(at) * by, 8);",
      "const scaled = (<i64>load<i32>(at) * by) >> 8;",
    ],
    ["const half8 = held(1 << 7);", "const half8 = held(0);"],
    ["i32x4.extend_high_i16x8_s(scales)", "i32x4.extend_low_i16x8_s(scales)"],
    ["i32x4.splat(joinedHalf(shift))", "i32x4.splat(0)"],
    [
      "store<i32>(out + ((<usize>t) << 2), sat30(bits - 30 * 65536 + distance));",
      "store<i32>(out + ((<usize>t) << 2), sat30(bits - 29 * 65536 + distance));",
    ],
    [
      "return rsh((isTarget ? p22 - (1 << 22) : p22) * by, 15);",
      "return rsh((isTarget ? p22 - (1 << 21) : p22) * by, 15);",
    ],
    ["const mask = ((<u64>1) << (<u64>s)) - 1;", "const mask = ((<u64>1) << (<u64>s)) >> 1;"],
    ["if (target >= v && target < v + count)", "if (target > v && target < v + count)"],
    ["i32x4.add(i32x4.mul(v128.and(p22, mask), by), half)", "i32x4.mul(v128.and(p22, mask), by)"],
    ["<u64>(<u32>two | <u32>(two >> 32))", "<u64>(<u32>two)"],
    ["leastBeyond(LIMIT, c15, shift)", "LIMIT"],
    ["scaledLanes(between(b, least, most), by,", "scaledLanes(b, by,"],
    ["v128.store(at, between(d, low, high), 16)", "v128.store(at, d, 16)"],
    ["c15 > 0 && shift >= 1", "c15 > 0 && shift >= 0"],
    ["i32x4.splat((1 << s) - 1)", "i32x4.splat((1 << s) >> 1)"],
    ["i32x4(0, 1, 2, 3)", "i32x4(0, 1, 2, 4)"],
    ["i32x4.shr_u(a, 15)", "i32x4.shr_u(a, 16)"],
    [
      "const shared = <i32>loadElement(exponent, 0, exponentDtype) + 22 - 15;",
      "const shared = <i32>loadElement(exponent, 0, exponentDtype) + 22 - 14;",
    ],
  ]),
  ...of("optimizer.ts", [
    ["const m1 = m0 + rsh((g - m0) * 6554, 16);", "const m1 = m0 + (((g - m0) * 6554) >> 16);"],
    ["const v1 = v0 + rsh(g * g - v0, 6);", "const v1 = v0 + ((g * g - v0) >> 6);"],
    [
      "const denominator = ((<i64>isqrt(<u64>v1)) << 10) / bias2 + 11;",
      "const denominator = ((<i64>isqrt(<u64>v1)) << 10) / bias2 + 10;",
    ],
    ["const direction = 9 * m0 + g;", "const direction = 8 * m0 + g;"],
    ["sum * 33026", "sum * 33025"],
  ]),
];
