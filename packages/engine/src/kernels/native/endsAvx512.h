/**
 * The ends of ternary products on AVX-512: a run of a row passes from its exact sums to memory at
 * once, without its adapter's share or unscaled values being stored.
 */
#ifndef R3MES_ENDS_AVX512_H
#define R3MES_ENDS_AVX512_H

#include "epilogue.h"
#include "tiles.h"

#if defined(__AVX512VNNI__) && defined(__AVX512BW__)
#include <immintrin.h>

#define QUICK_ENDS
/** Most pairs of rows of an adapter's factor, and most columns that are laid out at once. */
#define FACTOR_PAIRS 32
#define QUICK_COLUMNS 512
/** Results of so many bytes pass the caches by. */
#define STREAM_BYTES (4 << 20)
/** Bytes of the panels of those columns, which the second level of cache keeps. */
#define QUICK_BYTES (256 << 10)

/** What `struct end` says of one row, in the words that the loop takes. */
struct quick_end {
  int64_t half, right, left;
  int32_t factor;
  struct places low, own, other;
};

/** False where a row needs more than 32 bits behind its first shift, or a shift to the left. */
static bool quick_ends_of(const struct end *ends, int32_t rows, bool has_low, int32_t bits,
                          struct quick_end *quick) {
  for (int32_t i = 0; i < rows; i++) {
    const struct end e = ends[i];
    if (e.shift < 1 || e.shift > 32 || bits - e.shift > 29) return false;
    if (has_low && e.low < 1) return false;
    quick[i] = (struct quick_end){
        .half = (int64_t)1 << (e.shift - 1),
        .right = e.shift,
        .left = 32 - e.shift,
        .factor = e.factor,
        .low = places_of(e.low),
        .own = places_of(e.own),
        .other = places_of(e.other),
    };
  }
  return true;
}

/** Columns [n, n + 16) of a factor [rank, outputs], two rows in each word; `rank` is even. */
static void pack_factor(const int16_t *factor, int32_t rank, int32_t outputs, int32_t n,
                        __m512i *pairs) {
  for (int32_t j = 0; j < rank; j += 2) {
    const int16_t *row = factor + (ptrdiff_t)j * outputs + n;
    const __m256i even = _mm256_loadu_si256((const __m256i *)row);
    const __m256i odd = _mm256_loadu_si256((const __m256i *)(row + outputs));
    pairs[j >> 1] = _mm512_or_si512(_mm512_cvtepu16_epi32(even),
                                    _mm512_slli_epi32(_mm512_cvtepu16_epi32(odd), 16));
  }
}

/** `rsh_places` of sixteen. */
static inline __m512i quick_rsh(__m512i x, const struct places *by) {
  const __m512i last = _mm512_set1_epi32(by->last);
  const __m512i moved = _mm512_srav_epi32(x, _mm512_set1_epi32(by->first));
  return _mm512_add_epi32(_mm512_srav_epi32(moved, last), _mm512_and_si512(moved, last));
}

static inline __m512i clamp_lanes(__m512i x) {
  const __m512i most = _mm512_set1_epi32(SAT30);
  return _mm512_max_epi32(_mm512_min_epi32(x, most), _mm512_sub_epi32(_mm512_setzero_si512(), most));
}

/** `add_sat30` of sixteen: (sum ^ a) & (sum ^ b) is negative where the sum has wrapped. */
static inline __m512i add_lanes(__m512i a, __m512i b) {
  const __m512i sum = _mm512_add_epi32(a, b);
  const __mmask16 wrapped = _mm512_movepi32_mask(_mm512_ternarylogic_epi32(sum, a, b, 0x18));
  const __m512i end = _mm512_xor_si512(_mm512_srai_epi32(a, 31), _mm512_set1_epi32(INT32_MAX));
  return clamp_lanes(_mm512_mask_mov_epi32(sum, wrapped, end));
}

static inline __m512i scale_lanes(__m512i sums, const struct quick_end *by) {
  const __m512i factor = _mm512_set1_epi32(by->factor);
  const __m512i half = _mm512_set1_epi64(by->half);
  const __m512i even = _mm512_add_epi64(_mm512_mul_epi32(sums, factor), half);
  const __m512i odd =
      _mm512_add_epi64(_mm512_mul_epi32(_mm512_srli_epi64(sums, 32), factor), half);
  return _mm512_mask_blend_epi32(0xaaaa, _mm512_srlv_epi64(even, _mm512_set1_epi64(by->right)),
                                 _mm512_sllv_epi64(odd, _mm512_set1_epi64(by->left)));
}

/** The share of an adapter in sixteen columns of one row. */
static inline __attribute__((always_inline)) __m512i low_lanes(const int16_t *u, int32_t rank,
                                                               const __m512i *pairs) {
  __m512i low = _mm512_setzero_si512();
#pragma GCC unroll 4
  for (int32_t j = 0; j < rank; j += 2) {
    int32_t pair;
    memcpy(&pair, u + j, 4);
    low = _mm512_dpwssd_epi32(low, pairs[j >> 1], _mm512_set1_epi32(pair));
  }
  return low;
}

/** A run of 16 n columns of one row, and what its end reads beside the exact sums. */
struct quick_row {
  const int32_t *sums;
  const struct quick_end *end;
  int32_t count;
  /** i16 [rank], and for each sixteen columns the pairs of a factor. */
  const int16_t *u;
  const __m512i *pairs;
  /** Absent where nothing is added. */
  const int32_t *addend;
  int32_t *y;
  /** Past the caches, which a large result leaves before it is read; `y` is then aligned. */
  bool streams;
};

/** The rank is 0 without an adapter; where the compiler knows it, the values of u stay in registers. */
static inline __attribute__((always_inline)) void end_loop(int32_t rank, bool adds,
                                                           const struct quick_row *row) {
  const struct quick_end by = *row->end;
  const __m512i *pairs = row->pairs;
  for (int32_t n = 0; n < row->count; n += PANEL_COLUMNS, pairs += rank >> 1) {
    __m512i value = scale_lanes(_mm512_loadu_si512(row->sums + n), &by);
    if (rank != 0) {
      const __m512i low = quick_rsh(low_lanes(row->u, rank, pairs), &by.low);
      value = clamp_lanes(_mm512_add_epi32(value, low));
    }
    if (adds) {
      const __m512i other = _mm512_loadu_si512(row->addend + n);
      value = add_lanes(quick_rsh(other, &by.other), quick_rsh(value, &by.own));
    }
    if (row->streams)
      _mm512_stream_si512((void *)(row->y + n), value);
    else
      _mm512_storeu_si512(row->y + n, value);
  }
}

/** The ends of one run of 16 n columns, whose exact sums lie in `y` and shares of an adapter in `low`. */
static void end_run(int32_t *y, const int32_t *low, const int32_t *addend, int32_t count,
                    const struct quick_end *end) {
  const struct quick_end by = *end;
  for (int32_t n = 0; n < count; n += PANEL_COLUMNS) {
    __m512i value = scale_lanes(_mm512_loadu_si512(y + n), &by);
    if (low != NULL) {
      const __m512i share = quick_rsh(_mm512_loadu_si512(low + n), &by.low);
      value = clamp_lanes(_mm512_add_epi32(value, share));
    }
    if (addend != NULL) {
      const __m512i other = _mm512_loadu_si512(addend + n);
      value = add_lanes(quick_rsh(other, &by.other), quick_rsh(value, &by.own));
    }
    _mm512_storeu_si512(y + n, value);
  }
}

static void end_row(int32_t rank, const struct quick_row *row) {
  const bool adds = row->addend != NULL;
  if (rank == 8 && adds)
    end_loop(8, true, row);
  else if (rank == 8)
    end_loop(8, false, row);
  else if (adds)
    end_loop(rank, true, row);
  else
    end_loop(rank, false, row);
}

#endif
#endif
