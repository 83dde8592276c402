/** From weights and values to context: exact sums of all keys, shared out by the sum of the row. */
#ifndef R3MES_ATTENTION_CONTEXT_H
#define R3MES_ATTENTION_CONTEXT_H

#include "attention.h"
#include "linear.h"

/** Keys of one product of 14-bit weights with 12-bit values: 16383 * 2047 * 64 < 2^31. */
#define CONTEXT_DEPTH 64

/** o = SAT30(RSH(RSH(sum of w v, 4) * R, L + 21 - x)) of one row of exact sums. */
static void store_context(const int64_t *sums, int32_t size, uint32_t sum, int32_t align,
                          int32_t *out) {
  const int64_t reciprocal = reciprocal_of(sum);
  const int32_t shift = bit_length(sum) + 21 - align;
  for (int32_t d = 0; d < size; d++) out[d] = context_of(sums[d], reciprocal, shift);
}

/** sums[i, d] += rows of 14-bit weights times `depth` rows of values, in runs that 32 bits hold. */
static void add_context(const int16_t *weights, ptrdiff_t stride, int32_t height,
                        const int16_t *values, int32_t depth, int32_t size, int32_t *narrow,
                        int64_t *sums) {
  for (int32_t k = 0; k < depth; k += CONTEXT_DEPTH) {
    const struct rows left = {weights + k, stride, true};
    const struct right right = {values + (ptrdiff_t)k * size, size, BY_COLUMNS | WIDE};
    const int32_t steps = min_of(CONTEXT_DEPTH, depth - k);
    if (height == 1)
      row_times_columns(weights + k, right.data, size, steps, size, narrow);
    else
      multiply_rows(left, height, right, size, steps, true, narrow, size);
    for (int32_t at = 0; at < height * size; at++) sums[at] += narrow[at];
  }
}

#endif
