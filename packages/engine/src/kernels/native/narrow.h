/** Mantissas of runs in which every value has a shift of its own. */
#ifndef R3MES_NARROW_H
#define R3MES_NARROW_H

#include "multiply.h"

/**
 * to[i] = narrow_any(x[i], base + shifts[i], limit); `to` may be `x`. A shift to the right by 32 or
 * more leaves the sign alone in every lane, which rounds to 0, as the definition has it.
 */
static inline void narrow_run(const int32_t *x, const int32_t *shifts, int32_t base, int32_t count,
                              int32_t limit, int32_t *to) {
  int32_t i = 0;
#if defined(__AVX2__)
  const __m256i bases = _mm256_set1_epi32(base);
  const __m256i highest = _mm256_set1_epi32(limit);
  const __m256i lowest = _mm256_set1_epi32(-limit);
  const __m256i one = _mm256_set1_epi32(1);
  const __m256i zero = _mm256_setzero_si256();
  for (; i + LANES <= count; i += LANES) {
    const __m256i values = _mm256_loadu_si256((const __m256i *)(x + i));
    const __m256i shift =
        _mm256_add_epi32(bases, _mm256_loadu_si256((const __m256i *)(shifts + i)));
    const __m256i last = _mm256_srav_epi32(values, _mm256_sub_epi32(shift, one));
    const __m256i right =
        _mm256_add_epi32(_mm256_srai_epi32(last, 1), _mm256_and_si256(last, one));
    const __m256i places = _mm256_min_epi32(_mm256_sub_epi32(zero, shift), _mm256_set1_epi32(15));
    const __m256i cut = _mm256_max_epi32(_mm256_min_epi32(values, highest), lowest);
    const __m256i left = _mm256_sllv_epi32(cut, places);
    const __m256i moved = _mm256_blendv_epi8(left, right, _mm256_cmpgt_epi32(shift, zero));
    const __m256i narrow = _mm256_max_epi32(_mm256_min_epi32(moved, highest), lowest);
    _mm256_storeu_si256((__m256i *)(to + i), narrow);
  }
#endif
  for (; i < count; i++) to[i] = narrow_any(x[i], base + shifts[i], limit);
}

#endif
