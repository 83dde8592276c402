/** The rank vectors between the factors, and the factors' gradients: the kinds of ops/rank.ts. */
#ifndef R3MES_RANK_H
#define R3MES_RANK_H

#include "linear.h"

#define RANK_BITS 14
#define FOLD_BITS 13
/** Columns of x that one pass of the gradient product covers. */
#define GRADIENT_COLUMNS 512

/** Column of the partial sum of column j over chunk c of `count`, as gemm lays them out. */
static inline int32_t partial_column(int32_t j, int32_t c, int32_t count, int32_t columns) {
  const int32_t lane = min_of(32, columns);
  const int32_t block = j / lane;
  return (block * count + c) * lane + (j - block * lane);
}

/** One rank vector from its partial sums, times `scale` in Q15; returns the union of magnitudes. */
static uint64_t rank_values(const int32_t *row, int32_t count, int32_t rank, const int64_t *scale,
                            int64_t *values) {
#if defined(QUICK_RANK)
  __m512i all = _mm512_setzero_si512();
  for (int32_t j = 0; rank % 8 == 0 && j < rank; j += 8) {
    __m512i sum = _mm512_setzero_si512();
    for (int32_t c = 0; c < count; c++) {
      const int32_t *from = row + partial_column(j, c, count, rank);
      sum = _mm512_add_epi64(sum,
                             _mm512_cvtepi32_epi64(_mm256_loadu_si256((const __m256i *)from)));
    }
    if (scale != NULL) {
      sum = rsh_wide_lanes(_mm512_mullo_epi64(sum, _mm512_set1_epi64(*scale)), 15);
    }
    _mm512_storeu_si512(values + j, sum);
    all = _mm512_or_si512(all, _mm512_abs_epi64(sum));
  }
  if (rank % 8 == 0) return (uint64_t)_mm512_reduce_or_epi64(all);
#endif
  uint64_t bits = 0;
  for (int32_t j = 0; j < rank; j++) {
    int64_t sum = 0;
    for (int32_t c = 0; c < count; c++) sum += row[partial_column(j, c, count, rank)];
    if (scale != NULL) sum = rsh(sum * *scale, 15);
    values[j] = sum;
    bits |= magnitude_wide(sum);
  }
  return bits;
}

static void quantise_rank(const int64_t *values, int32_t rank, int32_t shift, int16_t *u) {
  const int32_t limit = (1 << (RANK_BITS - 1)) - 1;
#if defined(QUICK_RANK)
  if (rank % 8 == 0 && shift >= 1 && shift <= 62) {
    quantise_wide_lanes(values, rank, shift, limit, u);
    return;
  }
#endif
  for (int32_t j = 0; j < rank; j++) u[j] = (int16_t)quantise_one(values[j], shift, limit);
}

/**
 * Kinds `rank.quantise` and `decode.rank`: u i16 [rows, rank], e i16 [rows]. Parts are rows. Forward:
 * `m` i32; backward: `dm` i16. `factor` is the magnitude of each `shared` rows.
 */
static void rank_quantise(const struct call *call) {
  const int32_t *acc = address(call, 0);
  const int32_t count = call->args[1];
  const int16_t *factor = address(call, 2);
  const int32_t *m = optional(call, 3);
  const int16_t *dm = optional(call, 4);
  const int32_t rank = call->args[5];
  const int32_t alpha_shift = call->args[6];
  int16_t *u = address(call, 7);
  int16_t *e = address(call, 8);
  const int32_t shared = call->args[9];
  int64_t *values = (int64_t *)(call->scratch + STRIP_OFFSET);
  for (int32_t t = call->from; t < call->to; t++) {
    const int32_t factor_exponent = exponent_of(factor[t / shared], FACTOR_BITS);
    const int32_t *row = acc + (ptrdiff_t)t * rank * count;
    int64_t c15 = 0;
    int32_t own = 0;
    if (m != NULL) {
      const int64_t row_scale = (int64_t)m[t] * 65536 / 127;
      const int32_t k = bit_length_wide((uint64_t)row_scale) - 15;
      c15 = rsh(row_scale, k);
      own = factor_exponent + 13 - k - alpha_shift;
    } else {
      own = exponent_of(dm[t], 8) + factor_exponent - alpha_shift;
    }
    const uint64_t bits = rank_values(row, count, rank, m == NULL ? NULL : &c15, values);
    const int32_t best = bits == 0 ? NO_MAGNITUDE : bit_length_wide(bits) - own;
    const int32_t shift = row_shift(best, own, RANK_BITS);
    quantise_rank(values, rank, shift, u + (ptrdiff_t)t * rank);
    e[t] = (int16_t)exponent_of(best, RANK_BITS);
  }
}

/** The scale folded into row t: its multiplier (1 without `m`) and its exponent. */
static inline int32_t fold_exponent(const int16_t *e, const int16_t *dm, int32_t t,
                                    int32_t alpha_shift) {
  return dm == NULL ? e[t] : e[t] + exponent_of(dm[t], 8) - alpha_shift;
}

static inline int64_t fold_multiplier(const int32_t *m, int32_t t) { return m == NULL ? 1 : m[t]; }

/** Kind `fold.magnitude`: i16 [chunks]. Parts are chunks of tokens. */
static void fold_magnitude(const struct call *call) {
  const int16_t *u = address(call, 0);
  const int16_t *e = address(call, 1);
  const int32_t *m = optional(call, 2);
  const int16_t *dm = optional(call, 3);
  const int32_t rows = call->args[4];
  const int32_t rank = call->args[5];
  const int32_t chunk = call->args[6];
  const int32_t alpha_shift = call->args[7];
  int16_t *out = address(call, 8);
  for (int32_t c = call->from; c < call->to; c++) {
    int32_t best = NO_MAGNITUDE;
    for (int32_t t = c * chunk; t < min_of(rows, (c + 1) * chunk); t++) {
      const int64_t by = fold_multiplier(m, t);
      uint64_t bits = 0;
      for (int32_t j = 0; j < rank; j++) bits |= magnitude_wide(u[(ptrdiff_t)t * rank + j] * by);
      if (bits != 0) {
        best = max_of(best, bit_length_wide(bits) - fold_exponent(e, dm, t, alpha_shift));
      }
    }
    out[c] = (int16_t)best;
  }
}

/** Kind `fold.quantise`: i16 [rows, rank] at the one magnitude. Parts are rows. */
static void fold_quantise(const struct call *call) {
  const int16_t *u = address(call, 0);
  const int16_t *e = address(call, 1);
  const int16_t *magnitudes = address(call, 2);
  const int32_t *m = optional(call, 3);
  const int16_t *dm = optional(call, 4);
  const int32_t rank = call->args[5];
  const int32_t alpha_shift = call->args[6];
  int16_t *out = address(call, 7);
  for (int32_t t = call->from; t < call->to; t++) {
    const int32_t shift = row_shift(magnitudes[0], fold_exponent(e, dm, t, alpha_shift), FOLD_BITS);
    const int64_t by = fold_multiplier(m, t);
    for (int32_t j = 0; j < rank; j++) {
      const ptrdiff_t at = (ptrdiff_t)t * rank + j;
      out[at] = (int16_t)quantise_one(u[at] * by, shift, (1 << (FOLD_BITS - 1)) - 1);
    }
  }
}

/**
 * Kind `factor.gradient`: acc i32 [rank * chunks, columns]. Parts are columns of x, in steps of 16.
 * The q of a chunk is transposed into scratch, then it is a product like any other.
 */
static void factor_gradient(const struct call *call) {
  const int16_t *q = address(call, 0);
  const int8_t *x = address(call, 1);
  const int32_t rows = call->args[2];
  const int32_t rank = call->args[3];
  const int32_t columns = call->args[4];
  const int32_t chunk = call->args[5];
  int32_t *acc = address(call, 6);
  int16_t *left = (int16_t *)(call->scratch + LEFT_OFFSET);
  for (int32_t c = 0; c * chunk < rows; c++) {
    const int32_t first = c * chunk;
    const int32_t steps = min_of(chunk, rows - first);
#if defined(QUICK_RANK)
    if (rank % FACTOR_ROWS == 0 && steps % 2 == 0 && (call->to - call->from) % 16 == 0) {
      int32_t *pairs = (int32_t *)left;
      for (int32_t j = 0; j < rank; j += FACTOR_ROWS) {
        pair_steps(q + (ptrdiff_t)first * rank + j, rank, steps, pairs);
        gradients_of_eight(pairs, x + (ptrdiff_t)first * columns, columns, steps, call->from,
                           call->to, acc + ((ptrdiff_t)c * rank + j) * columns);
      }
      continue;
    }
#endif
    for (int32_t t = 0; t < steps; t++) {
      for (int32_t j = 0; j < rank; j++) left[j * steps + t] = q[(ptrdiff_t)(first + t) * rank + j];
    }
    for (int32_t n = call->from; n < call->to; n += GRADIENT_COLUMNS) {
      const struct rows turned = {left, steps, true};
      const struct right right = {x + (ptrdiff_t)first * columns + n, columns, BY_COLUMNS};
      const int32_t width = min_of(GRADIENT_COLUMNS, call->to - n);
      multiply_rows(turned, rank, right, width, steps, true,
                    acc + (ptrdiff_t)c * rank * columns + n, columns);
    }
  }
}

#endif
