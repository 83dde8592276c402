/**
 * Products of int8 with the eight i16 rows or columns of a narrow factor on AVX-512, as they lie,
 * and rank vectors eight values at a time.
 */
#ifndef R3MES_RANK_AVX512_H
#define R3MES_RANK_AVX512_H

#include "integer.h"

#if defined(__AVX512VNNI__) && defined(__AVX512BW__)
#include <immintrin.h>

#define QUICK_RANK
/** Rows or columns of a factor that one pass takes, and inputs of one step. */
#define FACTOR_ROWS 8
#define FACTOR_STEP 32

/** Sums of sixteen vectors, in order: pairs of vectors become one, four times. */
static inline __attribute__((always_inline)) __m512i sum_vectors(const __m512i *x) {
  __m512i eight[8], four[4], two[2];
#pragma GCC unroll 8
  for (int32_t i = 0; i < 8; i++) {
    eight[i] = _mm512_add_epi32(_mm512_unpacklo_epi32(x[2 * i], x[2 * i + 1]),
                                _mm512_unpackhi_epi32(x[2 * i], x[2 * i + 1]));
  }
#pragma GCC unroll 4
  for (int32_t i = 0; i < 4; i++) {
    four[i] = _mm512_add_epi32(_mm512_unpacklo_epi64(eight[2 * i], eight[2 * i + 1]),
                               _mm512_unpackhi_epi64(eight[2 * i], eight[2 * i + 1]));
  }
#pragma GCC unroll 2
  for (int32_t i = 0; i < 2; i++) {
    two[i] = _mm512_add_epi32(_mm512_shuffle_i32x4(four[2 * i], four[2 * i + 1], 0x88),
                              _mm512_shuffle_i32x4(four[2 * i], four[2 * i + 1], 0xdd));
  }
  return _mm512_add_epi32(_mm512_shuffle_i32x4(two[0], two[1], 0x88),
                          _mm512_shuffle_i32x4(two[0], two[1], 0xdd));
}

/**
 * c[r, j] = sum over `depth`, a multiple of FACTOR_STEP, of a[r, k] * b[j, k] for one or two int8
 * rows and eight i16 rows.
 */
static inline __attribute__((always_inline)) void eight_dots(
    int32_t rows, const int8_t *a, ptrdiff_t a_stride, const int16_t *b, ptrdiff_t b_stride,
    int32_t depth, int32_t *c, ptrdiff_t c_stride) {
  __m512i sums[2 * FACTOR_ROWS];
#pragma GCC unroll 16
  for (int32_t i = 0; i < 2 * FACTOR_ROWS; i++) sums[i] = _mm512_setzero_si512();
  for (int32_t k = 0; k < depth; k += FACTOR_STEP) {
    __m512i x[2];
#pragma GCC unroll 2
    for (int32_t r = 0; r < rows; r++) {
      const int8_t *from = a + r * a_stride + k;
      x[r] = _mm512_cvtepi8_epi16(_mm256_loadu_si256((const __m256i *)from));
    }
#pragma GCC unroll 8
    for (int32_t j = 0; j < FACTOR_ROWS; j++) {
      const __m512i y = _mm512_loadu_si512(b + j * b_stride + k);
#pragma GCC unroll 2
      for (int32_t r = 0; r < rows; r++) {
        sums[FACTOR_ROWS * r + j] = _mm512_dpwssd_epi32(sums[FACTOR_ROWS * r + j], x[r], y);
      }
    }
  }
  const __m512i all = sum_vectors(sums);
  _mm256_storeu_si256((__m256i *)c, _mm512_castsi512_si256(all));
  if (rows == 2) {
    _mm256_storeu_si256((__m256i *)(c + c_stride), _mm512_extracti64x4_epi64(all, 1));
  }
}

/** The same for any number of rows. */
static void rows_times_eight(const int8_t *a, ptrdiff_t a_stride, int32_t rows, const int16_t *b,
                             ptrdiff_t b_stride, int32_t depth, int32_t *c, ptrdiff_t c_stride) {
  int32_t m = 0;
  for (; m + 2 <= rows; m += 2) {
    eight_dots(2, a + m * a_stride, a_stride, b, b_stride, depth, c + m * c_stride, c_stride);
  }
  if (m < rows) {
    eight_dots(1, a + m * a_stride, a_stride, b, b_stride, depth, c + m * c_stride, c_stride);
  }
}

/** Sixteen columns of two int8 rows, pairs of values side by side, as i16. */
static inline __m512i pairs_of_rows(const int8_t *even, const int8_t *odd) {
  const __m128i x = _mm_loadu_si128((const __m128i *)even);
  const __m128i y = _mm_loadu_si128((const __m128i *)odd);
  return _mm512_cvtepi8_epi16(
      _mm256_set_m128i(_mm_unpackhi_epi8(x, y), _mm_unpacklo_epi8(x, y)));
}

/**
 * acc[j, n] = sum over `steps`, an even number, of q[t, j] * x[t, n], for eight j and 16 * `groups`
 * n. `pairs` has q of two steps in each word: [steps / 2][8].
 */
static inline __attribute__((always_inline)) void eight_gradients(
    int32_t groups, const int32_t *pairs, const int8_t *x, ptrdiff_t columns, int32_t steps,
    int32_t *acc) {
  __m512i sums[2 * FACTOR_ROWS];
#pragma GCC unroll 16
  for (int32_t i = 0; i < 2 * FACTOR_ROWS; i++) sums[i] = _mm512_setzero_si512();
  for (int32_t t = 0; t < steps; t += 2, x += 2 * columns, pairs += FACTOR_ROWS) {
    __m512i both[2];
#pragma GCC unroll 2
    for (int32_t g = 0; g < groups; g++) both[g] = pairs_of_rows(x + 16 * g, x + columns + 16 * g);
#pragma GCC unroll 8
    for (int32_t j = 0; j < FACTOR_ROWS; j++) {
      const __m512i q = _mm512_set1_epi32(pairs[j]);
#pragma GCC unroll 2
      for (int32_t g = 0; g < groups; g++) {
        sums[FACTOR_ROWS * g + j] = _mm512_dpwssd_epi32(sums[FACTOR_ROWS * g + j], both[g], q);
      }
    }
  }
#pragma GCC unroll 2
  for (int32_t g = 0; g < groups; g++) {
#pragma GCC unroll 8
    for (int32_t j = 0; j < FACTOR_ROWS; j++) {
      _mm512_storeu_si512(acc + j * columns + 16 * g, sums[FACTOR_ROWS * g + j]);
    }
  }
}

/** `eight_gradients` for columns [from, to), a multiple of 16 of them. */
static void gradients_of_eight(const int32_t *pairs, const int8_t *x, ptrdiff_t columns,
                               int32_t steps, int32_t from, int32_t to, int32_t *acc) {
  int32_t n = from;
  for (; n + 32 <= to; n += 32) eight_gradients(2, pairs, x + n, columns, steps, acc + n);
  if (n < to) eight_gradients(1, pairs, x + n, columns, steps, acc + n);
}

/** Columns [j, j + 8) of q [steps, rank] as the pairs that `eight_gradients` takes. */
static void pair_steps(const int16_t *q, int32_t rank, int32_t steps, int32_t *pairs) {
  for (int32_t t = 0; t < steps; t += 2, q += 2 * rank, pairs += FACTOR_ROWS) {
    const __m128i even = _mm_loadu_si128((const __m128i *)q);
    const __m128i odd = _mm_loadu_si128((const __m128i *)(q + rank));
    _mm_storeu_si128((__m128i *)pairs, _mm_unpacklo_epi16(even, odd));
    _mm_storeu_si128((__m128i *)(pairs + 4), _mm_unpackhi_epi16(even, odd));
  }
}

/** RSH of eight of less than 2^61, s >= 1. */
static inline __m512i rsh_wide_lanes(__m512i x, int32_t s) {
  const __m512i half = _mm512_set1_epi64((int64_t)1 << (s - 1));
  return _mm512_sra_epi64(_mm512_add_epi64(x, half), _mm_cvtsi32_si128(s));
}

/** Mantissas within `limit` of 8 n values, by a shift of at least 1. */
static void quantise_wide_lanes(const int64_t *x, int32_t count, int32_t shift, int64_t limit,
                                int16_t *out) {
  const __m512i most = _mm512_set1_epi64(limit);
  const __m512i least = _mm512_set1_epi64(-limit);
  for (int32_t j = 0; j < count; j += 8) {
    const __m512i q = rsh_wide_lanes(_mm512_loadu_si512(x + j), shift);
    const __m512i cut = _mm512_max_epi64(_mm512_min_epi64(q, most), least);
    _mm_storeu_si128((__m128i *)(out + j), _mm512_cvtepi64_epi16(cut));
  }
}

#endif
#endif
