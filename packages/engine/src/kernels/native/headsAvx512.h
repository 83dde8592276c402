/** Rows of heads on AVX-512, sixteen values at a time: what `split_heads` does of heads.h. */
#ifndef R3MES_HEADS_AVX512_H
#define R3MES_HEADS_AVX512_H

#include "gate.h"
#include "quantise.h"

#if defined(__AVX512VNNI__) && defined(__AVX512BW__)
#include <immintrin.h>

#define QUICK_HEADS

/** `magnitude_bits` of a row of 16 n values. */
static inline uint32_t bits_of_lanes(const int32_t *x, int32_t count) {
  __m512i bits = _mm512_setzero_si512();
  for (int32_t i = 0; i < count; i += 16) {
    bits = _mm512_or_si512(bits, _mm512_abs_epi32(_mm512_loadu_si512(x + i)));
  }
  return (uint32_t)_mm512_reduce_or_epi32(bits);
}

/** `narrow_one` of sixteen by one shift of at least -15. */
struct narrow {
  __m128i left, right;
  __m512i most, least;
};

static inline struct narrow narrow_of(int32_t shift, int32_t limit) {
  return (struct narrow){
      .left = _mm_cvtsi32_si128(shift > 0 ? 0 : -shift),
      .right = _mm_cvtsi32_si128(shift > 1 ? shift - 1 : 0),
      .most = _mm512_set1_epi32(limit),
      .least = _mm512_set1_epi32(-limit),
  };
}

static inline __m512i cut_lanes(__m512i x, const struct narrow *by) {
  return _mm512_max_epi32(_mm512_min_epi32(x, by->most), by->least);
}

/** To the right, shift - 1 places, one more and the half; to the left, of what is cut before. */
static inline __m512i narrow_lanes(__m512i x, const struct narrow *by, bool goes_left) {
  if (goes_left) return cut_lanes(_mm512_sll_epi32(cut_lanes(x, by), by->left), by);
  const __m512i moved = _mm512_sra_epi32(x, by->right);
  const __m512i rest = _mm512_and_si512(moved, _mm512_set1_epi32(1));
  return cut_lanes(_mm512_add_epi32(_mm512_srai_epi32(moved, 1), rest), by);
}

/** `store_head` of a row of 16 n values, whose union of magnitudes is `all`. */
static int32_t store_lanes(const int32_t *x, int32_t size, uint32_t all, int32_t own, int32_t bits,
                           void *out, ptrdiff_t row) {
  int8_t *bytes = (int8_t *)out + row * size;
  int16_t *shorts = (int16_t *)out + row * size;
  if (all == 0) {
    memset(bits <= 8 ? (void *)bytes : shorts, 0, (size_t)size * (bits <= 8 ? 1 : 2));
    return ZERO_EXPONENT;
  }
  const int32_t shift = bit_length(all) - (bits - 1);
  const struct narrow by = narrow_of(shift, (1 << (bits - 1)) - 1);
  for (int32_t i = 0; i < size; i += 16) {
    const __m512i value = narrow_lanes(_mm512_loadu_si512(x + i), &by, shift <= 0);
    if (bits <= 8)
      _mm_storeu_si128((__m128i *)(bytes + i), _mm512_cvtepi32_epi8(value));
    else
      _mm256_storeu_si256((__m256i *)(shorts + i), _mm512_cvtepi32_epi16(value));
  }
  return own - shift;
}

/** Two values of 16 bits in each word. */
static inline __m512i pair_lanes(__m512i low, __m512i high) {
  return _mm512_mask_blend_epi16(0xaaaaaaaa, low, _mm512_slli_epi32(high, 16));
}

static inline __m512i angles_at(const int16_t *angles) {
  return _mm512_cvtepi16_epi32(_mm256_loadu_si256((const __m256i *)angles));
}

/**
 * `rotate_head` of a row of 32 n values, which pass through `to`: both products of a place are one
 * of pairs.
 */
static int32_t rotate_lanes(const int32_t *x, int32_t size, int32_t own, const int16_t *angles,
                            int32_t bits, void *out, ptrdiff_t row, int32_t *to) {
  const int32_t half = size >> 1;
  /* A row of zeros stays one, by whatever shift. */
  const int32_t shift = bit_length(bits_of_lanes(x, size)) - (ROW_BITS - 1);
  const struct narrow by = narrow_of(shift, ROW_LIMIT);
  const __m512i rounding = _mm512_set1_epi32(8192);
  const __m512i zero = _mm512_setzero_si512();
  __m512i all = zero;
  for (int32_t i = 0; i < half; i += 16) {
    const __m512i a = narrow_lanes(_mm512_loadu_si512(x + i), &by, shift <= 0);
    const __m512i b = narrow_lanes(_mm512_loadu_si512(x + half + i), &by, shift <= 0);
    const __m512i cosine = angles_at(angles + i);
    const __m512i sine = angles_at(angles + half + i);
    const __m512i both = pair_lanes(a, b);
    const __m512i less = pair_lanes(cosine, _mm512_sub_epi32(zero, sine));
    const __m512i more = pair_lanes(sine, cosine);
    const __m512i first = _mm512_srai_epi32(_mm512_dpwssd_epi32(rounding, both, less), 14);
    const __m512i second = _mm512_srai_epi32(_mm512_dpwssd_epi32(rounding, both, more), 14);
    _mm512_storeu_si512(to + i, first);
    _mm512_storeu_si512(to + half + i, second);
    all = _mm512_or_si512(all, _mm512_or_si512(_mm512_abs_epi32(first), _mm512_abs_epi32(second)));
  }
  const uint32_t turned = (uint32_t)_mm512_reduce_or_epi32(all);
  return store_lanes(to, size, turned, own - shift, bits, out, row);
}

#endif
#endif
