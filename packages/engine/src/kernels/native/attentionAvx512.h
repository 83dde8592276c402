/**
 * Rows of attention with AVX-512: the numbers of attentionRows.h and attentionBackwardByQuery.h where every shift is to the right, as
 * it is but for rows far apart. A row ends inside a vector more often than not, so the last one is masked: nothing is computed one by
 * one. Rows have room for whole vectors, and what lies behind a row may be read.
 */
#ifndef R3MES_ATTENTION_AVX512_H
#define R3MES_ATTENTION_AVX512_H

#if defined(__AVX512BW__) && defined(__AVX512CD__)
#include <immintrin.h>

#include "attention.h"

#define QUICK_ATTENTION
#define ROW_LANES 16

/** Lanes of the vector at `j` that belong to a row of `count`. */
static inline __mmask16 lanes_within(int32_t count, int32_t j) {
  return count - j >= ROW_LANES ? (__mmask16)0xffff : (__mmask16)((1 << (count - j)) - 1);
}

static inline __m512i lanes_at(const int32_t *from) { return _mm512_loadu_si512(from); }

/** RSH(x, s) of lanes with shifts of 1 and more; one by 33 or more leaves the sign, which rounds to 0. */
static inline __m512i round_lanes(__m512i x, __m512i shift) {
  const __m512i one = _mm512_set1_epi32(1);
  const __m512i last = _mm512_srav_epi32(x, _mm512_sub_epi32(shift, one));
  return _mm512_add_epi32(_mm512_srai_epi32(last, 1), _mm512_and_si512(last, one));
}

/** EXP2N(top - x), as `exponentials` has it. */
static inline __m512i exponential_lanes(__m512i x, __m512i top, const int32_t *table) {
  const __m512i byte = _mm512_set1_epi32(255);
  const __m512i even = _mm512_setr_epi32(0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30);
  const __m512i distance = _mm512_sub_epi32(top, x);
  const __m512i entry = _mm512_and_si512(_mm512_srli_epi32(distance, 8), byte);
  /* An entry and the next one lie side by side. */
  const __m512i low = _mm512_i32gather_epi64(_mm512_castsi512_si256(entry), table, 4);
  const __m512i high = _mm512_i32gather_epi64(_mm512_extracti64x4_epi64(entry, 1), table, 4);
  const __m512i from = _mm512_permutex2var_epi32(low, even, high);
  const __m512i next =
      _mm512_permutex2var_epi32(low, _mm512_add_epi32(even, _mm512_set1_epi32(1)), high);
  const __m512i part = _mm512_mullo_epi32(_mm512_sub_epi32(from, next),
                                          _mm512_and_si512(distance, byte));
  const __m512i whole = _mm512_sub_epi32(from, _mm512_srli_epi32(part, 8));
  return _mm512_srlv_epi32(whole, _mm512_srli_epi32(distance, 16));
}

/** s_ij in place of q_i . k_j; `base` and each key's exponent make a shift. Returns the largest. */
static int32_t score_lanes(int32_t *row, int32_t count, int32_t scale, int32_t base,
                           const int32_t *exponents) {
  const __m512i scales = _mm512_set1_epi32(scale);
  const __m512i bases = _mm512_set1_epi32(base);
  __m512i best = _mm512_set1_epi32(-SAT30);
  for (int32_t j = 0; j < count; j += ROW_LANES) {
    const __m512i shift = _mm512_add_epi32(bases, lanes_at(exponents + j));
    /* A shift by one or more leaves no more than SAT30. */
    const __m512i score = round_lanes(_mm512_mullo_epi32(lanes_at(row + j), scales), shift);
    best = _mm512_mask_max_epi32(best, lanes_within(count, j), best, score);
    _mm512_storeu_si512(row + j, score);
  }
  return _mm512_reduce_max_epi32(best);
}

/**
 * w_ij from s_ij for one row, i16, zeros to `width`; returns the sum of E >> 12. `base` and each value's
 * exponent make a shift.
 */
static uint32_t weight_lanes(const int32_t *row, int32_t count, int32_t width, int32_t best,
                             const int32_t *table, int32_t base, const int32_t *exponents,
                             int16_t *out) {
  const __m512i top = _mm512_set1_epi32(best);
  const __m512i bases = _mm512_set1_epi32(base);
  const __m512i most = _mm512_set1_epi32(WEIGHT_MAX);
  __m512i sum = _mm512_setzero_si512();
  int32_t j = 0;
  for (; j < count; j += ROW_LANES) {
    const __mmask16 within = lanes_within(count, j);
    const __m512i e = exponential_lanes(lanes_at(row + j), top, table);
    const __m512i shift = _mm512_add_epi32(bases, lanes_at(exponents + j));
    const __m512i weight = _mm512_maskz_min_epi32(within, round_lanes(e, shift), most);
    sum = _mm512_mask_add_epi32(sum, within, sum, _mm512_srli_epi32(e, 12));
    _mm256_storeu_si256((__m256i *)(out + j), _mm512_cvtepi32_epi16(weight));
  }
  if (j < width) memset(out + j, 0, 2 * (size_t)(width - j));
  return (uint32_t)_mm512_reduce_add_epi32(sum);
}

/** A row's statistics as `probability_lanes` needs them; the shift is 1 to 28. */
struct row_share {
  int32_t best;
  uint32_t reciprocal;
  int32_t shift;
};

/**
 * P_ij in place of q_i . k_j for one row, and as i16 in `halves`, zeros to `width`; scores as in
 * `score_lanes`.
 */
static void probability_lanes(int32_t *row, int32_t count, int32_t width, int32_t scale,
                              int32_t base, const int32_t *exponents, const int32_t *table,
                              struct row_share share, int16_t *halves) {
  const __m512i scales = _mm512_set1_epi32(scale);
  const __m512i bases = _mm512_set1_epi32(base);
  const __m512i top = _mm512_set1_epi32(share.best);
  const __m512i reciprocal = _mm512_set1_epi32((int32_t)share.reciprocal);
  const __m512i half = _mm512_set1_epi32(1 << (share.shift - 1));
  const __m128i places = _mm_cvtsi32_si128(share.shift);
  const __m512i most = _mm512_set1_epi32(ROW_LIMIT);
  int32_t j = 0;
  for (; j < count; j += ROW_LANES) {
    const __m512i shift = _mm512_add_epi32(bases, lanes_at(exponents + j));
    const __m512i score = round_lanes(_mm512_mullo_epi32(lanes_at(row + j), scales), shift);
    const __m512i e = exponential_lanes(score, top, table);
    /* (E >> 15) <= 2^15 and the reciprocal < 2^16: the product and its half stay below 2^32. */
    const __m512i product = _mm512_mullo_epi32(_mm512_srli_epi32(e, 15), reciprocal);
    const __m512i p = _mm512_maskz_min_epu32(
        lanes_within(count, j), _mm512_srl_epi32(_mm512_add_epi32(product, half), places), most);
    _mm512_storeu_si512(row + j, p);
    _mm256_storeu_si256((__m256i *)(halves + j), _mm512_cvtepi32_epi16(p));
  }
  if (j < width) memset(halves + j, 0, 2 * (size_t)(width - j));
}

/** Bit lengths of |x| less the exponents, and NO_MAGNITUDE where x is zero or past the row. */
static inline __m512i magnitude_lanes(__m512i x, __m512i exponents, __mmask16 within) {
  const __m512i zeros = _mm512_lzcnt_epi32(_mm512_abs_epi32(x));
  const __m512i bits = _mm512_sub_epi32(_mm512_set1_epi32(32), zeros);
  return _mm512_mask_sub_epi32(_mm512_set1_epi32(NO_MAGNITUDE),
                               _mm512_mask_test_epi32_mask(within, x, x), bits, exponents);
}

/** `narrow_any` of lanes. */
static inline __m512i narrow_each(__m512i x, __m512i shift, __m512i limit) {
  const __m512i zero = _mm512_setzero_si512();
  const __m512i lowest = _mm512_sub_epi32(zero, limit);
  const __m512i cut = _mm512_max_epi32(_mm512_min_epi32(x, limit), lowest);
  const __m512i places = _mm512_min_epi32(_mm512_sub_epi32(zero, shift), _mm512_set1_epi32(15));
  const __m512i moved =
      _mm512_mask_blend_epi32(_mm512_cmpgt_epi32_mask(shift, zero),
                              _mm512_sllv_epi32(cut, places), round_lanes(x, shift));
  return _mm512_max_epi32(_mm512_min_epi32(moved, limit), lowest);
}

/** d in 16 bits in place of dP for one row, `base` and each value's exponent the shift; returns the sum of P d. */
static int32_t gradient_lanes(int32_t *d, const int32_t *p, int32_t count, int32_t base,
                              const int32_t *exponents) {
  const __m512i bases = _mm512_set1_epi32(base);
  const __m512i limit = _mm512_set1_epi32(ROW_LIMIT);
  __m512i sum = _mm512_setzero_si512();
  for (int32_t j = 0; j < count; j += ROW_LANES) {
    const __m512i shift = _mm512_add_epi32(bases, lanes_at(exponents + j));
    const __m512i narrow = narrow_each(lanes_at(d + j), shift, limit);
    /* P is zero past the row. */
    sum = _mm512_add_epi32(sum, _mm512_mullo_epi32(narrow, lanes_at(p + j)));
    _mm512_storeu_si512(d + j, narrow);
  }
  return _mm512_reduce_add_epi32(sum);
}

/** D = P (d - delta) of one row, zeros to `width`; returns its magnitude by the exponents of keys. */
static int32_t score_gradient_lanes(const int32_t *p, const int32_t *d, int32_t count,
                                    int32_t width, int32_t delta, const int32_t *exponents,
                                    int32_t *out) {
  const __m512i deltas = _mm512_set1_epi32(delta);
  __m512i best = _mm512_set1_epi32(NO_MAGNITUDE);
  int32_t j = 0;
  for (; j < count; j += ROW_LANES) {
    const __m512i product =
        _mm512_mullo_epi32(lanes_at(p + j), _mm512_sub_epi32(lanes_at(d + j), deltas));
    const __m512i m =
        magnitude_lanes(product, lanes_at(exponents + j), lanes_within(count, j));
    best = _mm512_max_epi32(best, m);
    _mm512_storeu_si512(out + j, product);
  }
  if (j < width) memset(out + j, 0, 4 * (size_t)(width - j));
  return _mm512_reduce_max_epi32(best);
}

/** A row in 8 bits, `base` and the exponents of keys the shift; zeros to `width`. */
static void byte_lanes(const int32_t *x, int32_t count, int32_t width, int32_t base,
                       const int32_t *exponents, int8_t *out) {
  const __m512i bases = _mm512_set1_epi32(base);
  const __m512i limit = _mm512_set1_epi32(127);
  int32_t j = 0;
  for (; j < count; j += ROW_LANES) {
    const __m512i shift = _mm512_add_epi32(bases, lanes_at(exponents + j));
    const __m512i narrow = narrow_each(lanes_at(x + j), shift, limit);
    _mm_storeu_si128((__m128i *)(out + j), _mm512_cvtepi32_epi8(narrow));
  }
  if (j < width) memset(out + j, 0, (size_t)(width - j));
}

#endif
#endif
