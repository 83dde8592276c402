/** EXP2N of whole runs: the exponentials of attention and of the loss. */
#ifndef R3MES_EXPONENTIAL_H
#define R3MES_EXPONENTIAL_H

#include "multiply.h"

#if defined(__AVX2__)
static inline int64_t pair_at(const int32_t *table, int32_t entry) {
  int64_t pair;
  memcpy(&pair, table + entry, sizeof pair);
  return pair;
}

/** Four pairs, read one by one: Zen 3 takes longer to gather them. */
static inline __m256 pairs_at(const int32_t *table, __m128i entries) {
  return _mm256_castsi256_ps(_mm256_setr_epi64x(pair_at(table, _mm_cvtsi128_si32(entries)),
                                                pair_at(table, _mm_extract_epi32(entries, 1)),
                                                pair_at(table, _mm_extract_epi32(entries, 2)),
                                                pair_at(table, _mm_extract_epi32(entries, 3))));
}

/** Undoes the order that a shuffle within halves leaves. */
static inline __m256i in_order(__m256 x) {
  return _mm256_permute4x64_epi64(_mm256_castps_si256(x), 0xd8);
}
#endif

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
    /* An entry and the next one lie side by side: four pairs of each half. */
    const __m256 low = pairs_at(table, _mm256_castsi256_si128(entry));
    const __m256 high = pairs_at(table, _mm256_extracti128_si256(entry, 1));
    const __m256i from = in_order(_mm256_shuffle_ps(low, high, 0x88));
    const __m256i step = _mm256_sub_epi32(from, in_order(_mm256_shuffle_ps(low, high, 0xdd)));
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
