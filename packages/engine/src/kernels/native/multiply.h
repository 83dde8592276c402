/**
 * Products of i32 that need 64 bits before their shift, in runs. A compiler widens every lane where
 * it stands, with shuffles across halves or with slow 64-bit products, so AVX2, and AVX-512 at the
 * same width, multiply even and odd places apart and put them together once.
 */
#ifndef R3MES_MULTIPLY_H
#define R3MES_MULTIPLY_H

#include "integer.h"

#if defined(__AVX2__)
#include <immintrin.h>

#define LANES 8

/** What the products of a run have in common; the shift is 1 to 32. */
struct rounding {
  __m256i half;
  __m128i right;
  __m128i left;
};

static inline struct rounding rounding_of(int32_t shift) {
  return (struct rounding){
      _mm256_set1_epi64x((int64_t)1 << (shift - 1)),
      _mm_cvtsi32_si128(shift),
      _mm_cvtsi32_si128(32 - shift),
  };
}

/** `multiply_shift` of eight. What lies above the low 32 bits of a product is shifted out. */
static inline __m256i multiply_shift_lanes(__m256i x, __m256i even, __m256i odd,
                                           struct rounding by) {
  const __m256i low = _mm256_add_epi64(_mm256_mul_epi32(x, even), by.half);
  const __m256i high = _mm256_add_epi64(_mm256_mul_epi32(_mm256_srli_epi64(x, 32), odd), by.half);
  return _mm256_blend_epi32(_mm256_srl_epi64(low, by.right), _mm256_sll_epi64(high, by.left), 0xaa);
}
#endif

/** to[i] = the 32 low bits of RSH(x[i] * factor, shift), 1 <= shift <= 32; `to` may be `x`. */
static void multiply_shift_run(const int32_t *x, int32_t count, int32_t factor, int32_t shift,
                               int32_t *to) {
  int32_t i = 0;
#if defined(__AVX2__)
  const struct rounding by = rounding_of(shift);
  const __m256i factors = _mm256_set1_epi32(factor);
  for (; i + LANES <= count; i += LANES) {
    const __m256i values = _mm256_loadu_si256((const __m256i *)(x + i));
    _mm256_storeu_si256((__m256i *)(to + i), multiply_shift_lanes(values, factors, factors, by));
  }
#endif
  const int64_t half = (int64_t)1 << (shift - 1);
  for (; i < count; i++) to[i] = multiply_shift(x[i], factor, half, shift);
}

/** The same with a factor for each place. */
static void multiply_shift_each(const int32_t *x, const int16_t *factors, int32_t count,
                                int32_t shift, int32_t *to) {
  int32_t i = 0;
#if defined(__AVX2__)
  const struct rounding by = rounding_of(shift);
  for (; i + LANES <= count; i += LANES) {
    const __m256i values = _mm256_loadu_si256((const __m256i *)(x + i));
    const __m256i even = _mm256_cvtepi16_epi32(_mm_loadu_si128((const __m128i *)(factors + i)));
    const __m256i odd = _mm256_srli_epi64(even, 32);
    _mm256_storeu_si256((__m256i *)(to + i), multiply_shift_lanes(values, even, odd, by));
  }
#endif
  const int64_t half = (int64_t)1 << (shift - 1);
  for (; i < count; i++) to[i] = multiply_shift(x[i], factors[i], half, shift);
}

/** Sum of a[i] * b[i] in 64 bits. */
static int64_t dot_wide(const int32_t *a, const int32_t *b, int32_t count) {
  int64_t sum = 0;
  int32_t i = 0;
#if defined(__AVX2__)
  __m256i sums = _mm256_setzero_si256();
  for (; i + LANES <= count; i += LANES) {
    const __m256i x = _mm256_loadu_si256((const __m256i *)(a + i));
    const __m256i y = _mm256_loadu_si256((const __m256i *)(b + i));
    sums = _mm256_add_epi64(sums, _mm256_mul_epi32(x, y));
    sums = _mm256_add_epi64(
        sums, _mm256_mul_epi32(_mm256_srli_epi64(x, 32), _mm256_srli_epi64(y, 32)));
  }
  int64_t parts[4];
  _mm256_storeu_si256((__m256i *)parts, sums);
  sum = parts[0] + parts[1] + parts[2] + parts[3];
#endif
  for (; i < count; i++) sum += (int64_t)a[i] * b[i];
  return sum;
}

#endif
