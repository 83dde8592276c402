/** Errors of one unit in the C kernels, as `mutants.ts` lists them for WASM; `mutateNative.ts` expects each to be noticed. */
import type { Mutant } from "./mutants.ts";

const of = (file: string, from: string, to: string): Mutant => ({ file, from, to });

export const nativeMutants: readonly Mutant[] = [
  of("integer.h", "halvings > 30", "halvings > 29"),
  of("integer.h", "return a >= 0 ? (a + half) / b : -((half - a) / b);", "return (a + half) / b;"),
  of("integer.h", "x ^= x >> 15;", "x ^= x >> 14;"),
  of("multiply.h", "_mm256_srli_epi64(x, 32), odd)", "_mm256_srli_epi64(x, 32), even)"),
  of("multiply.h", "sum += (int64_t)a[i] * b[i]", "sum += a[i] * b[i]"),
  of("exponential.h", "_mm256_srli_epi32(part, 8)", "_mm256_srli_epi32(part, 9)"),
  of("products.h", "s6 += a1[k] * b2[k]", "s6 += a0[k] * b2[k]"),
  of("products.h", "min_of(j + q, columns - 1)", "min_of(j, columns - 1)"),
  of("epilogue.h", "rsh(low[i], low_shift)", "rsh(low[i], low_shift + 1)"),
  of("linear.h", "scale[1] + 4 - k", "scale[1] + 5 - k"),
  of("rank.h", "rsh(sum * c15, 15)", "rsh(sum * c15, 16)"),
  of("gate.h", "join_three(edh, eg, eg, 15)", "join_three(edh, eg, eg, 14)"),
  of("head.h", "rsh(scaled * c15, shift)", "(scaled * c15) >> clamp(shift, 63)"),
  of("head.h", "p22 - (1 << 22)", "p22 - (1 << 21)"),
  of("norm.h", "length > 30 ? (length - 29)", "length > 30 ? (length - 28)"),
  of("norm.h", "clamp_narrow(code, 127)", "clamp_narrow(code, 126)"),
  of("norm.h", "(cut & 255) * root + (1 << 7)", "(cut & 255) * root"),
  of("norm.h", "rsh(hat * by->c, 24)", "rsh(hat * by->c, 23)"),
  of("attention.h", "length - 3", "length - 2"),
  of("attention.h", "rsh(((acc + 8) >> 4) * reciprocal", "rsh((acc >> 4) * reciprocal"),
  of("attention.h", "extra + f->ve[j] - 14", "extra + f->ve[j] - 13"),
  of("attentionFused.h", "align + exponents[j] - 14", "align + exponents[j] - 13"),
  of("attentionFused.h", "#define CONTEXT_DEPTH 64", "#define CONTEXT_DEPTH 128"),
  of("attentionFused.h", "(int32_t)rsh(sum, 15)", "(int32_t)(sum >> 15)"),
  of("attentionFused.h", "min_of(BLOCK, length - j0)", "min_of(BLOCK, length - j0 - 1)"),
  of("optimizer.h", "rsh((g - m[i]) * 6554, 16)", "rsh((g - m[i]) * 6553, 16)"),
  of("optimizer.h", "rsh(g - m0, 6)", "((g - m0) >> 6)"),
  of("tilesScalar.h", "initial == NULL ? c[r * stride + j] : initial[r]", "c[r * stride + j]"),
  of("tilesAvx2.h", "_mm256_set1_epi32(-sum)", "_mm256_setzero_si256()"),
  of("tilesAvx2.h", "high[r], _mm256_madd_epi16(b1, a)", "high[r], _mm256_madd_epi16(b0, a)"),
  of("tilesAvx512.h", "_mm512_set1_epi32(-sum)", "_mm512_setzero_si512()"),
  of("tilesAvx512.h", "splat_four(left + 2 * r)", "splat_four(left + 2)"),
];
