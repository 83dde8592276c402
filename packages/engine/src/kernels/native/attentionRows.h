/** Scores, exponentials and weights of one row of causal attention, for training and decoding alike. */
#ifndef R3MES_ATTENTION_ROWS_H
#define R3MES_ATTENTION_ROWS_H

#include "attention.h"
#include "attentionAvx512.h"
#include "exponential.h"
#include "narrow.h"

/** Rows have room for whole vectors of so many values. */
#define ROW_GRAIN 16

/**
 * Values of whole vectors that hold `count` of a row. A row under the diagonal ends inside a vector more
 * often than not: what lies behind its end is made to do no harm, and nothing is computed one by one.
 */
static inline int32_t whole_vectors(int32_t count) {
  return (count + ROW_GRAIN - 1) & ~(ROW_GRAIN - 1);
}

/** `value` behind the end of a row of one and more, to the end of its last vector. */
static inline void fill_behind(int32_t *row, int32_t count, int32_t value) {
  const int32_t first = whole_vectors(count) - ROW_GRAIN;
  for (int32_t c = 0; c < ROW_GRAIN; c++) {
    row[first + c] = first + c < count ? row[first + c] : value;
  }
}

/**
 * Exponents of a run of rows in 32 bits, to the end of a vector, and the least of them: a row of zeros has
 * the greatest that there is, and products of zero, whatever they are shifted by.
 */
struct exponents {
  int32_t *values;
  int32_t low;
};

static int32_t widen_exponents(const int16_t *from, int32_t count, int32_t *values) {
  int32_t low = ZERO_EXPONENT;
  for (int32_t j = 0; j < count; j++) {
    values[j] = from[j];
    low = min_of(low, from[j]);
  }
  return low;
}

static struct exponents exponents_of(const int16_t *from, int32_t count, int32_t *values) {
  const int32_t low = widen_exponents(from, count, values);
  fill_behind(values, count, low);
  return (struct exponents){values, low};
}

/** s_ij in place of q_i . k_j for one row of `count` keys, and the least of all behind it; returns the largest. */
static int32_t score_row(int32_t *row, int32_t count, int32_t scale, int32_t qe,
                         const struct exponents *ke) {
  /* What a loop reads through a pointer, its stores may change: compilers then make no vectors. */
  const int32_t *exponents = ke->values;
  int32_t best = -SAT30;
#if defined(QUICK_ATTENTION)
  if (qe - 4 + ke->low >= 1) return score_lanes(row, count, scale, qe - 4, exponents);
#endif
  const int32_t whole = whole_vectors(count);
  if (qe - 4 + ke->low >= 1) {
    for (int32_t j = 0; j < whole; j++) {
      /* A shift by one or more leaves no more than SAT30; behind the row anything may wrap. */
      const int32_t product = (int32_t)((uint32_t)row[j] * (uint32_t)scale);
      row[j] = rsh_right(product, qe - 4 + exponents[j]);
    }
  } else {
    for (int32_t j = 0; j < count; j++) row[j] = score_of(row[j], scale, qe + exponents[j] - 4);
  }
  fill_behind(row, count, -SAT30);
  for (int32_t j = 0; j < whole; j++) best = max_of(best, row[j]);
  return best;
}

/** E in place of s for one row, and zeros behind it; returns the sum of E >> 12. */
static uint32_t exponential_row(int32_t *row, int32_t count, int32_t best, const int32_t *table) {
  const int32_t whole = whole_vectors(count);
  uint32_t sum = 0;
  exponentials(row, whole, (uint32_t)best, table, row);
  fill_behind(row, count, 0);
  for (int32_t j = 0; j < whole; j++) sum += (uint32_t)row[j] >> 12;
  return sum;
}

/** w_ij from E for one row, i16; zeros to `width` and to the end of a vector. `align` is x_i. */
static void weight_row(const int32_t *row, int32_t count, int32_t width, int32_t align,
                       const struct exponents *ve, int16_t *out) {
  const int32_t *exponents = ve->values;
  const int32_t whole = whole_vectors(count);
  if (align + ve->low - 14 >= 1) {
    for (int32_t j = 0; j < whole; j++) {
      out[j] = (int16_t)min_of(rsh_right(row[j], align + exponents[j] - 14), WEIGHT_MAX);
    }
  } else {
    for (int32_t j = 0; j < whole; j++) {
      const int64_t w = rsh(row[j], align + exponents[j] - 14);
      out[j] = (int16_t)(w > WEIGHT_MAX ? WEIGHT_MAX : w);
    }
  }
  if (whole < width) memset(out + whole, 0, 2 * (size_t)(width - whole));
}

/** w_ij from s_ij for one row, as `weight_row` has them; returns the sum of E >> 12. */
static uint32_t weigh_row(int32_t *row, int32_t count, int32_t width, int32_t best,
                          const int32_t *table, int32_t align, const struct exponents *ve,
                          int16_t *out) {
#if defined(QUICK_ATTENTION)
  const int32_t base = align - 14;
  if (base + ve->low >= 1) {
    return weight_lanes(row, count, width, best, table, base, ve->values, out);
  }
#endif
  const uint32_t sum = exponential_row(row, count, best, table);
  weight_row(row, count, width, align, ve, out);
  return sum;
}

#endif
