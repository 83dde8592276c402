/**
 * The first half of the gradient of attention, by blocks of query rows: scores and shares again, their gradients once, and dq.
 * The numbers are those of attention.h, which defines them one operation at a time.
 */
#ifndef R3MES_ATTENTION_BACKWARD_BY_QUERY_H
#define R3MES_ATTENTION_BACKWARD_BY_QUERY_H

#include "attentionBlocks.h"
#include "attentionRows.h"

/** Gradients that pass through the stack at once. */
#define GRADIENT_PIECE 256

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

#endif
