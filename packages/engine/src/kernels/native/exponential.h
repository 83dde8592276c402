/** EXP2N of whole runs: the exponentials of attention and of the loss. */
#ifndef R3MES_EXPONENTIAL_H
#define R3MES_EXPONENTIAL_H

#include "multiply.h"

/** to[i] = EXP2N(top - x[i]); `to` may be `x`. */
static void exponentials(const int32_t *x, int32_t count, uint32_t top, const int32_t *table,
                         int32_t *to) {
  int32_t i = 0;
#if defined(__AVX2__)
  const __m256i tops = _mm256_set1_epi32((int32_t)top);
  const __m256i byte = _mm256_set1_epi32(255);
  for (; i + LANES <= count; i += LANES) {
    const __m256i values = _mm256_loadu_si256((const __m256i *)(x + i));
    const __m256i distance = _mm256_sub_epi32(tops, values);
    const __m256i entry = _mm256_and_si256(_mm256_srli_epi32(distance, 8), byte);
    const __m256i from = _mm256_i32gather_epi32(table, entry, 4);
    const __m256i step = _mm256_sub_epi32(from, _mm256_i32gather_epi32(table + 1, entry, 4));
    const __m256i part = _mm256_mullo_epi32(step, _mm256_and_si256(distance, byte));
    const __m256i whole = _mm256_sub_epi32(from, _mm256_srli_epi32(part, 8));
    /* At most 2^30: a shift by 31 or more leaves nothing, as the definition has it. */
    const __m256i power = _mm256_srlv_epi32(whole, _mm256_srli_epi32(distance, 16));
    _mm256_storeu_si256((__m256i *)(to + i), power);
  }
#endif
  for (; i < count; i++) to[i] = exp2n(top - (uint32_t)x[i], table);
}

#endif
