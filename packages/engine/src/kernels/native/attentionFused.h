/**
 * Causal attention over blocks of 32 rows, with scores, weights and their gradients rebuilt once.
 * The numbers are those of attention.h, which defines them one operation at a time.
 */
#ifndef R3MES_ATTENTION_FUSED_H
#define R3MES_ATTENTION_FUSED_H

#include "attention.h"
#include "attentionAvx512.h"
#include "exponential.h"
#include "linear.h"
#include "narrow.h"

#define BLOCK 32
/** Gradients that pass through the stack at once. */
#define GRADIENT_PIECE 256
/** Keys of one product of 14-bit weights with 12-bit values: 16383 * 2047 * 64 < 2^31. */
#define CONTEXT_DEPTH 64
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

/** Block `index` of `count` so that neighbouring indices cost the same: first, last, second, .. */
static inline int32_t balanced_block(int32_t index, int32_t count) {
  return (index & 1) == 0 ? index >> 1 : count - 1 - (index >> 1);
}

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

/** Where a block of query rows lies: its head, its rows and the keys that it sees. */
struct query_block {
  int32_t head, first_row, height;
  int32_t sequence, in_sequence;
  /** Row 0 of its keys. */
  ptrdiff_t first_key;
};

static struct query_block query_block_at(int32_t unit, int32_t heads, int32_t group,
                                         int32_t queries, int32_t keys) {
  const int32_t blocks = (queries + BLOCK - 1) / BLOCK;
  struct query_block b;
  b.head = unit / blocks;
  b.first_row = balanced_block(unit - b.head * blocks, blocks) * BLOCK;
  b.height = min_of(BLOCK, queries - b.first_row);
  b.sequence = b.head / heads;
  b.in_sequence = b.head - b.sequence * heads;
  b.first_key = (ptrdiff_t)(b.sequence * (heads / group) + b.in_sequence / group) * keys;
  return b;
}

/** Products of `height` int8 rows with `width` int8 rows, both `size` long. */
static void row_products(const int8_t *a, const int8_t *b, int32_t size, int32_t *c, int32_t stride,
                         int32_t height, int32_t width) {
  const struct rows left = {a, size, false};
  const struct right right = {b, size, 0};
  multiply_rows(left, height, right, width, size, true, c, stride);
}

/**
 * From heads to context: the kinds `attention.max`, `.sum`, `.weights` and `.context` with their
 * reductions. Parts are blocks of 32 query rows of a head. `row_max` and `row_sum` may be absent.
 */
static void attention_forward(const struct call *call) {
  const int8_t *q8 = address(call, 0);
  const int16_t *qe = address(call, 1);
  const int8_t *k8 = address(call, 2);
  const int16_t *ke = address(call, 3);
  const int16_t *v = address(call, 4);
  const int16_t *ve = address(call, 5);
  const int16_t *prefix = address(call, 6);
  int32_t *row_max = optional(call, 7);
  int32_t *row_sum = optional(call, 8);
  const int32_t heads = call->args[9];
  const int32_t queries = call->args[11];
  const int32_t keys = call->args[12];
  const int32_t size = call->args[13];
  const int32_t scale = call->args[14];
  const int32_t *table = address(call, 15);
  int32_t *out = address(call, 16);
  const int32_t stride = (keys + 31) & ~31;
  int32_t *key_values = (int32_t *)(call->scratch + LEFT_OFFSET);
  int32_t *value_values = key_values + stride;
  int32_t *scores = value_values + stride;
  int16_t *weights = (int16_t *)(scores + (ptrdiff_t)BLOCK * stride);
  int32_t *narrow = (int32_t *)(weights + (ptrdiff_t)BLOCK * stride);
  int64_t *sums = (int64_t *)(narrow + BLOCK * size);
  for (int32_t unit = call->from; unit < call->to; unit++) {
    const struct query_block b = query_block_at(unit, heads, call->args[10], queries, keys);
    const int32_t seen = keys - queries + b.first_row;
    const int32_t width = min_of(keys, seen + b.height);
    const ptrdiff_t row0 = (ptrdiff_t)b.head * queries + b.first_row;
    row_products(q8 + row0 * size, k8 + b.first_key * size, size, scores, stride, b.height, width);
    const struct exponents by_key = exponents_of(ke + b.first_key, width, key_values);
    const struct exponents by_value = exponents_of(ve + b.first_key, width, value_values);
    uint32_t totals[BLOCK];
    for (int32_t i = 0; i < b.height; i++) {
      int32_t *row = scores + (ptrdiff_t)i * stride;
      const int32_t count = seen + i + 1;
      const int32_t best = score_row(row, count, scale, qe[row0 + i], &by_key);
      const int32_t align = prefix[b.first_key + count - 1];
      totals[i] = weigh_row(row, count, width, best, table, align, &by_value,
                            weights + (ptrdiff_t)i * stride);
      if (row_max != NULL) row_max[row0 + i] = best;
      if (row_sum != NULL) row_sum[row0 + i] = (int32_t)totals[i];
    }
    memset(sums, 0, 8 * (size_t)(b.height * size));
    add_context(weights, stride, b.height, v + b.first_key * size, width, size, narrow, sums);
    for (int32_t i = 0; i < b.height; i++) {
      const ptrdiff_t token = (ptrdiff_t)b.sequence * queries + b.first_row + i;
      int32_t *target = out + (token * heads + b.in_sequence) * size;
      store_context(sums + i * size, size, totals[i], prefix[b.first_key + seen + i], target);
    }
  }
}

/** P from E for one row in place. */
static void probability_row(int32_t *row, int32_t count, uint32_t sum) {
  const int32_t length = bit_length(sum);
  const uint32_t reciprocal = reciprocal_of(sum);
  const int32_t shift = length - 3;
  if (shift >= 1 && shift <= 28) {
    /* (E >> 15) <= 2^15 and the reciprocal < 2^16: the product and its half stay below 2^32. */
    const uint32_t half = 1u << (shift - 1);
    for (int32_t j = 0; j < count; j++) {
      const uint32_t p = (((uint32_t)row[j] >> 15) * reciprocal + half) >> shift;
      row[j] = (int32_t)(p > ROW_LIMIT ? ROW_LIMIT : p);
    }
  } else {
    for (int32_t j = 0; j < count; j++) row[j] = probability(row[j], reciprocal, length);
  }
}

/** What `probabilities` reads of one row beside its products, and of all keys. */
struct score_scale {
  int32_t scale, qe;
  const struct exponents *ke;
  const int32_t *table;
};

/**
 * P in place of q_i . k_j for one row and as i16 in `halves`, zeros to `width`; in the row itself zeros
 * to the end of a vector.
 */
static void probabilities(int32_t *row, int32_t count, int32_t width,
                          const struct score_scale *by, int32_t best, uint32_t sum,
                          int16_t *halves) {
#if defined(QUICK_ATTENTION)
  const struct row_share share = {best, reciprocal_of(sum), bit_length(sum) - 3};
  if (by->qe - 4 + by->ke->low >= 1 && share.shift >= 1 && share.shift <= 28) {
    probability_lanes(row, count, width, by->scale, by->qe - 4, by->ke->values, by->table, share,
                      halves);
    return;
  }
#endif
  const int32_t whole = whole_vectors(count);
  score_row(row, count, by->scale, by->qe, by->ke);
  exponential_row(row, count, best, by->table);
  probability_row(row, whole, sum);
  for (int32_t j = 0; j < whole; j++) halves[j] = (int16_t)row[j];
  if (whole < width) memset(halves + whole, 0, 2 * (size_t)(width - whole));
}

/** The largest bit length of x_j less e_j; NO_MAGNITUDE where all are zero. */
static int32_t aligned_magnitude(const int32_t *x, const int32_t *e, int32_t count) {
  int32_t best = NO_MAGNITUDE;
  for (int32_t j = 0; j < count; j++) {
    const int32_t bits = bit_length(magnitude_of(x[j])) - e[j];
    best = max_of(best, x[j] == 0 ? NO_MAGNITUDE : bits);
  }
  return best;
}

/**
 * The same of whole vectors of values below 2^31. With all of them shifted right to the least exponent,
 * the longest that is left has the magnitude; where nothing is left each is looked at.
 */
static int32_t row_magnitude(const int32_t *x, const struct exponents *e, int32_t count) {
  const int32_t *exponents = e->values;
  const int32_t low = e->low;
  uint32_t bits = 0;
  for (int32_t j = 0; j < count; j++) bits |= magnitude_of(x[j]) >> min_of(exponents[j] - low, 31);
  return bits == 0 ? aligned_magnitude(x, exponents, count) : bit_length(bits) - low;
}

/**
 * d in 16 bits in place of dP for one row, and delta, RSH(sum of P d, 15). Returns the magnitude of the
 * row, or NO_MAGNITUDE.
 */
static int32_t gradient_row(int32_t *row, const int32_t *p, int32_t count, int32_t doe,
                            const struct exponents *ve, int32_t *delta) {
  const int32_t whole = whole_vectors(count);
  fill_behind(row, count, 0);
  const int32_t m = row_magnitude(row, ve, whole);
  *delta = 0;
  if (m == NO_MAGNITUDE) return NO_MAGNITUDE;
#if defined(QUICK_ATTENTION)
  const int32_t sum = gradient_lanes(row, p, count, m - 15, ve->values);
#else
  int32_t sum = 0;
  narrow_run(row, ve->values, m - 15, whole, ROW_LIMIT, row);
  for (int32_t j = 0; j < whole; j++) sum += p[j] * row[j];
#endif
  *delta = (int32_t)rsh(sum, 15);
  return m - doe;
}

/**
 * D = P (d - delta) of one row, zeros to `width`. Returns the row's magnitude without its own exponent,
 * which the caller takes off.
 */
static int32_t score_gradient_row(const int32_t *p, const int32_t *d, int32_t count, int32_t width,
                                  int32_t delta, const struct exponents *ke, int32_t *out) {
#if defined(QUICK_ATTENTION)
  return score_gradient_lanes(p, d, count, width, delta, ke->values, out);
#else
  /* P is zero behind the row. */
  const int32_t whole = whole_vectors(count);
  for (int32_t j = 0; j < whole; j++) out[j] = p[j] * (d[j] - delta);
  if (whole < width) memset(out + whole, 0, 4 * (size_t)(width - whole));
  return row_magnitude(out, ke, whole);
#endif
}

/** D in 8 bits of one row of magnitude `m`, zeros to `width`. */
static void query_bytes(const int32_t *x, int32_t count, int32_t width, int32_t m,
                        const struct exponents *ke, int8_t *out) {
  if (m == NO_MAGNITUDE) {
    memset(out, 0, (size_t)width);
    return;
  }
#if defined(QUICK_ATTENTION)
  byte_lanes(x, count, width, m - 7, ke->values, out);
#else
  const int32_t whole = whole_vectors(count);
  if (whole < width) memset(out + whole, 0, (size_t)(width - whole));
  for (int32_t j = 0; j < whole; j += GRADIENT_PIECE) {
    int32_t piece[GRADIENT_PIECE];
    const int32_t some = min_of(GRADIENT_PIECE, whole - j);
    narrow_run(x + j, ke->values + j, m - 7, some, 127, piece);
    for (int32_t i = 0; i < some; i++) out[j + i] = (int8_t)piece[i];
  }
#endif
}

/**
 * The backward pass by query rows: from heads, dO and the row statistics to dq and its magnitudes,
 * leaving P (i16), D (i32) and the exponents of D (i32 by query row) for the pass by keys.
 * Parts are blocks of 32 query rows of a head; P and D have rows of `stride` elements.
 */
static void attention_backward_by_query(const struct call *call) {
  const int8_t *q8 = address(call, 0);
  const int16_t *qe = address(call, 1);
  const int8_t *k8 = address(call, 2);
  const int16_t *ke = address(call, 3);
  const int8_t *v8 = address(call, 4);
  const int16_t *ve = address(call, 5);
  const int8_t *do8 = address(call, 6);
  const int16_t *doe = address(call, 7);
  const int32_t *row_max = address(call, 8);
  const int32_t *row_sum = address(call, 9);
  const int32_t length = call->args[12];
  const int32_t size = call->args[13];
  const int32_t value_size = call->args[14];
  const int32_t scale = call->args[15];
  const int32_t *table = address(call, 16);
  int16_t *p16 = address(call, 17);
  int32_t *d32 = address(call, 18);
  int32_t *exponents = address(call, 19);
  int32_t *dq = address(call, 20);
  int16_t *dm = address(call, 21);
  const int32_t stride = (length + 31) & ~31;
  int32_t *key_values = (int32_t *)(call->scratch + LEFT_OFFSET);
  int32_t *value_values = key_values + stride;
  int32_t *scores = value_values + stride;
  int32_t *gradients = scores + (ptrdiff_t)BLOCK * stride;
  int8_t *bytes = (int8_t *)(gradients + (ptrdiff_t)BLOCK * stride);
  for (int32_t unit = call->from; unit < call->to; unit++) {
    const struct query_block b =
        query_block_at(unit, call->args[10], call->args[11], length, length);
    const int32_t width = b.first_row + b.height;
    const ptrdiff_t row0 = (ptrdiff_t)b.head * length + b.first_row;
    const int8_t *keys = k8 + b.first_key * size;
    row_products(q8 + row0 * size, keys, size, scores, stride, b.height, width);
    row_products(do8 + row0 * value_size, v8 + b.first_key * value_size, value_size, gradients,
                 stride, b.height, width);
    const struct exponents by_key = exponents_of(ke + b.first_key, width, key_values);
    const struct exponents by_value = exponents_of(ve + b.first_key, width, value_values);
    for (int32_t i = 0; i < b.height; i++) {
      const ptrdiff_t index = row0 + i;
      const int32_t count = b.first_row + i + 1;
      int32_t *p = scores + (ptrdiff_t)i * stride;
      int32_t *d = gradients + (ptrdiff_t)i * stride;
      const struct score_scale by = {scale, qe[index], &by_key, table};
      probabilities(p, count, width, &by, row_max[index], (uint32_t)row_sum[index],
                    p16 + index * stride);
      int32_t delta;
      const int32_t dpm = gradient_row(d, p, count, doe[index], &by_value, &delta);
      exponents[index] = exponent_of(dpm, 16) + 15;
      int32_t *products = d32 + index * stride;
      const int32_t best = score_gradient_row(p, d, count, width, delta, &by_key, products);
      query_bytes(products, count, width, best, &by_key, bytes + (ptrdiff_t)i * stride);
      dm[index] = (int16_t)(best == NO_MAGNITUDE ? best : best - exponents[index]);
    }
    const struct rows left = {bytes, stride, false};
    const struct right right = {keys, size, BY_COLUMNS};
    multiply_rows(left, b.height, right, size, width, true, dq + row0 * size, size);
  }
}

/** Rows of a head's matrix of P or D from one key on: i16 or i32, with their exponents. */
struct columns {
  const void *data;
  bool half;
  ptrdiff_t stride;
  const int32_t *exponents;
  int32_t count;
};

static inline int32_t cell(const struct columns *x, ptrdiff_t i, int32_t column) {
  const ptrdiff_t at = i * x->stride + column;
  return x->half ? ((const int16_t *)x->data)[at] : ((const int32_t *)x->data)[at];
}

/** `width` values of one row, and zeros behind them. */
static inline void load_cells(const struct columns *x, int32_t i, int32_t width, int32_t *row) {
  const ptrdiff_t at = i * x->stride;
  const int16_t *halves = (const int16_t *)x->data + at;
  const int32_t *words = (const int32_t *)x->data + at;
  if (width == BLOCK) {
    for (int32_t c = 0; x->half && c < BLOCK; c++) row[c] = halves[c];
    for (int32_t c = 0; !x->half && c < BLOCK; c++) row[c] = words[c];
    return;
  }
  for (int32_t c = 0; c < BLOCK; c++) row[c] = c >= width ? 0 : x->half ? halves[c] : words[c];
}

/** Magnitude of one column, value by value. */
static int32_t column_magnitude(const struct columns *x, int32_t column) {
  int32_t best = NO_MAGNITUDE;
  for (int32_t i = 0; i < x->count; i++) {
    const int32_t value = cell(x, i, column);
    if (value != 0) best = max_of(best, bit_length(magnitude_of(value)) - x->exponents[i]);
  }
  return best;
}

/**
 * Magnitudes of `width` columns over the rows of one member of a group, as `row_magnitude` finds them;
 * `best` is raised.
 */
static void column_magnitudes(const struct columns *x, int32_t width, int32_t *best) {
  uint32_t bits[BLOCK] = {0};
  int32_t low = INT32_MAX;
  for (int32_t i = 0; i < x->count; i++) low = min_of(low, x->exponents[i]);
  for (int32_t i = 0; i < x->count; i++) {
    const int32_t places = min_of(x->exponents[i] - low, 31);
    int32_t row[BLOCK];
    load_cells(x, i, width, row);
    for (int32_t c = 0; c < BLOCK; c++) bits[c] |= magnitude_of(row[c]) >> places;
  }
  for (int32_t c = 0; c < width; c++) {
    const int32_t m = bits[c] == 0 ? column_magnitude(x, c) : bit_length(bits[c]) - low;
    best[c] = max_of(best[c], m);
  }
}

/** Past every exponent, so that a column without a magnitude becomes zeros. */
#define SHIFT_FAR (1 << 20)

/** Columns in 8 bits at the magnitudes `best`, transposed: left[column][i], four rows at a time. */
static void column_bytes(const struct columns *x, int32_t width, const int32_t *best, int8_t *left,
                         ptrdiff_t stride) {
  int32_t shifts[BLOCK];
  for (int32_t c = 0; c < BLOCK; c++) {
    shifts[c] = c >= width || best[c] == NO_MAGNITUDE ? SHIFT_FAR : best[c] - (HEAD_BITS - 1);
  }
  for (int32_t i = 0; i < x->count; i += 4) {
    const int32_t rows = min_of(4, x->count - i);
    uint32_t four[BLOCK] = {0};
    for (int32_t r = 0; r < rows; r++) {
      int32_t row[BLOCK];
      load_cells(x, i + r, width, row);
      narrow_run(row, shifts, x->exponents[i + r], BLOCK, 127, row);
      for (int32_t c = 0; c < BLOCK; c++) four[c] |= (uint32_t)(uint8_t)row[c] << (8 * r);
    }
    for (int32_t c = 0; rows == 4 && c < width; c++) memcpy(left + c * stride + i, four + c, 4);
    for (int32_t c = 0; rows < 4 && c < width; c++) {
      memcpy(left + c * stride + i, four + c, (size_t)rows);
    }
  }
}

/** One of the two column-wise gradients of a block of keys: writes d and the keys' magnitudes. */
static void gradient_by_key(struct columns x, const int8_t *right, int32_t size, int32_t group,
                            int32_t length, int32_t height, int32_t *out, int16_t *km,
                            int8_t *left) {
  const struct columns first = x;
  int32_t best[BLOCK];
  for (int32_t c = 0; c < BLOCK; c++) best[c] = NO_MAGNITUDE;
  const ptrdiff_t member_cells = length * x.stride;
  for (int32_t member = 0; member < group; member++) {
    column_magnitudes(&x, height, best);
    x.exponents += length;
    x.data = (const uint8_t *)x.data + member_cells * (x.half ? 2 : 4);
  }
  for (int32_t c = 0; c < height; c++) km[c] = (int16_t)best[c];
  x = first;
  for (int32_t member = 0; member < group; member++) {
    column_bytes(&x, height, best, left, x.count);
    const struct rows turned = {left, x.count, false};
    const struct right rows = {right + (ptrdiff_t)member * length * size, size, BY_COLUMNS};
    multiply_rows(turned, height, rows, size, x.count, member == 0, out, size);
    x.exponents += length;
    x.data = (const uint8_t *)x.data + member_cells * (x.half ? 2 : 4);
  }
}

/**
 * The backward pass by keys: from P, D and their exponents to dk and dv and their magnitudes. Parts
 * are blocks of 32 keys of a key head.
 */
static void attention_backward_by_key(const struct call *call) {
  const int16_t *p16 = address(call, 0);
  const int32_t *d32 = address(call, 1);
  const int32_t *exponents = address(call, 2);
  const int8_t *q8 = address(call, 3);
  const int16_t *qe = address(call, 4);
  const int8_t *do8 = address(call, 5);
  const int16_t *doe = address(call, 6);
  const int32_t group = call->args[7];
  const int32_t length = call->args[8];
  const int32_t size = call->args[9];
  const int32_t value_size = call->args[10];
  int32_t *dk = address(call, 11);
  int16_t *km = address(call, 12);
  int32_t *dv = address(call, 13);
  int16_t *vm = address(call, 14);
  const int32_t stride = (length + 31) & ~31;
  const int32_t blocks = (length + BLOCK - 1) / BLOCK;
  int32_t *of_d = (int32_t *)(call->scratch + LEFT_OFFSET);
  int32_t *of_p = of_d + group * length;
  int8_t *left = (int8_t *)(of_p + group * length);
  for (int32_t unit = call->from; unit < call->to; unit++) {
    const int32_t key_head = unit / blocks;
    const int32_t j0 = balanced_block(unit - key_head * blocks, blocks) * BLOCK;
    const int32_t height = min_of(BLOCK, length - j0);
    const ptrdiff_t row0 = (ptrdiff_t)key_head * group * length;
    for (int32_t i = 0; i < group * length; i++) {
      of_d[i] = exponents[row0 + i] + qe[row0 + i];
      of_p[i] = doe[row0 + i] + 15;
    }
    /* Query j0 is the first that sees key j0. */
    const ptrdiff_t first = row0 + j0;
    const ptrdiff_t key = (ptrdiff_t)key_head * length + j0;
    const int32_t count = length - j0;
    const struct columns d = {d32 + first * stride + j0, false, stride, of_d + j0, count};
    gradient_by_key(d, q8 + first * size, size, group, length, height, dk + key * size, km + key,
                    left);
    const struct columns p = {p16 + first * stride + j0, true, stride, of_p + j0, count};
    gradient_by_key(p, do8 + first * value_size, value_size, group, length, height,
                    dv + key * value_size, vm + key, left);
  }
}

#endif
