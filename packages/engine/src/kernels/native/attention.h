/**
 * Causal attention, one row at a time: the kinds of ops/attention, each rebuilding what it needs
 * from int8 heads and per-row scalars. This is the path that shows every tensor of a trace;
 * attentionForward.h and attentionBackwardBy*.h compute the same numbers by blocks of rows, with everything rebuilt once.
 */
#ifndef R3MES_ATTENTION_H
#define R3MES_ATTENTION_H

#include "heads.h"
#include "dense.h"
#include "unpacked.h"

#define WEIGHT_MAX 16383

/** s_ij in log2 units, Q16. */
static int32_t score_of(int32_t product, int32_t scale, int32_t shift) {
  return (int32_t)clamp(rsh((int64_t)product * scale, max_of(shift, -24)), SAT30);
}

/** R of a row whose sum of E >> 12 is `sum`; its length is bit_length(sum). */
static uint32_t reciprocal_of(uint32_t sum) {
  const uint32_t top = sum >> max_of(bit_length(sum) - 16, 0);
  const uint32_t whole = 0x80000000u / (top < 1 ? 1 : top);
  return whole > 65535 ? 65535 : whole;
}

/** P_ij in Q15. */
static int32_t probability(int32_t e, uint32_t reciprocal, int32_t length) {
  const int64_t p = rsh((int64_t)(e >> 15) * reciprocal, length - 3);
  return (int32_t)(p > ROW_LIMIT ? ROW_LIMIT : p);
}

/** Kind `attention.prefix`: x i16. Parts are whole sequences of a head. */
static void attention_prefix(const struct call *call) {
  const int16_t *ve = address(call, 0);
  const int32_t length = call->args[1];
  int16_t *x = address(call, 2);
  for (int32_t block = call->from; block < call->to; block++) {
    int32_t least = ZERO_EXPONENT;
    for (ptrdiff_t row = (ptrdiff_t)block * length; row < (ptrdiff_t)(block + 1) * length; row++) {
      least = min_of(least, ve[row]);
      x[row] = (int16_t)(30 - least);
    }
  }
}

/** What `attention_by_query` and `attention_by_key` compute, as the host numbers it. */
enum mode {
  MODE_MAX,
  MODE_SUM,
  MODE_WEIGHTS,
  MODE_GRADIENT_MAGNITUDE,
  MODE_DELTA,
  MODE_QUERY_MAGNITUDE,
  MODE_QUERY_WEIGHTS,
  MODE_KEY_MAGNITUDE,
  MODE_KEY_WEIGHTS,
  MODE_VALUE_MAGNITUDE,
};

/** What the row kinds read; a tensor that a kind does not read is absent. */
struct frame {
  enum mode mode;
  const int8_t *q8;
  const int16_t *qe;
  const int8_t *k8;
  const int16_t *ke;
  const int8_t *v8;
  const int16_t *ve;
  const int8_t *do8;
  const int16_t *doe;
  const int32_t *row_max;
  const int32_t *row_sum;
  const int16_t *dpm;
  const int32_t *delta;
  int32_t size, value_size, scale;
  const int32_t *table;
};

static struct frame frame_of(const struct call *call, int32_t sizes_at) {
  return (struct frame){
      (enum mode)call->args[0], optional(call, 1),           optional(call, 2),
      optional(call, 3),        optional(call, 4),           optional(call, 5),
      optional(call, 6),        optional(call, 7),           optional(call, 8),
      optional(call, 9),        optional(call, 10),          optional(call, 11),
      optional(call, 12),       call->args[sizes_at],        call->args[sizes_at + 1],
      call->args[sizes_at + 2], address(call, sizes_at + 4),
  };
}

static int32_t pair_score(const struct frame *f, ptrdiff_t i, ptrdiff_t j) {
  const int32_t product = dot_run(f->q8 + i * f->size, f->k8 + j * f->size, f->size);
  return score_of(product, f->scale, f->qe[i] + f->ke[j] - 4);
}

static int32_t pair_exponential(const struct frame *f, ptrdiff_t i, ptrdiff_t j) {
  return exp2n((uint32_t)f->row_max[i] - (uint32_t)pair_score(f, i, j), f->table);
}

static int32_t pair_weight(const struct frame *f, ptrdiff_t i, ptrdiff_t j) {
  const uint32_t sum = (uint32_t)f->row_sum[i];
  return probability(pair_exponential(f, i, j), reciprocal_of(sum), bit_length(sum));
}

static int32_t pair_gradient(const struct frame *f, ptrdiff_t i, ptrdiff_t j) {
  return dot_run(f->do8 + i * f->value_size, f->v8 + j * f->value_size, f->value_size);
}

/** d_ij: the gradient of P_ij in 16 bits. */
static int32_t pair_narrow_gradient(const struct frame *f, ptrdiff_t i, ptrdiff_t j) {
  const int32_t shift = row_shift(f->dpm[i], f->doe[i] + f->ve[j], ROW_BITS);
  return narrow_any(pair_gradient(f, i, j), shift, ROW_LIMIT);
}

static int32_t pair_score_gradient(const struct frame *f, ptrdiff_t i, ptrdiff_t j) {
  const int32_t delta = (int32_t)rsh(f->delta[i], 15);
  return pair_weight(f, i, j) * (pair_narrow_gradient(f, i, j) - delta);
}

static int32_t magnitude_at(int32_t value, int32_t e) {
  return value == 0 ? NO_MAGNITUDE : bit_length(magnitude_of(value)) - e;
}

static int32_t byte_at(int32_t value, int32_t e, int32_t m) {
  return narrow_any(value, row_shift(m, e, HEAD_BITS), 127);
}

/** Exponent of D of query row i, before that of the other side is added. */
static int32_t product_exponent(const struct frame *f, ptrdiff_t i) {
  return exponent_of(f->dpm[i], ROW_BITS) + 15;
}

/** One value of a chunked statistic of query row i over keys [from, to). */
static int32_t reduce_by_query(const struct frame *f, ptrdiff_t i, ptrdiff_t from, ptrdiff_t to) {
  const enum mode mode = f->mode;
  int32_t best = mode == MODE_MAX                         ? -SAT30
                 : mode == MODE_SUM || mode == MODE_DELTA ? 0
                                                          : NO_MAGNITUDE;
  for (ptrdiff_t j = from; j < to; j++) {
    if (mode == MODE_MAX)
      best = max_of(best, pair_score(f, i, j));
    else if (mode == MODE_SUM)
      best += pair_exponential(f, i, j) >> 12;
    else if (mode == MODE_DELTA)
      best += pair_weight(f, i, j) * pair_narrow_gradient(f, i, j);
    else if (mode == MODE_GRADIENT_MAGNITUDE) {
      best = max_of(best, magnitude_at(pair_gradient(f, i, j), f->doe[i] + f->ve[j]));
    } else {
      const int32_t e = product_exponent(f, i) + f->ke[j];
      best = max_of(best, magnitude_at(pair_score_gradient(f, i, j), e));
    }
  }
  return best;
}

/** One element of the weight matrices by query row. */
static int32_t weight_by_query(const struct frame *f, ptrdiff_t i, ptrdiff_t j, int32_t extra) {
  if (f->mode == MODE_WEIGHTS) {
    const int64_t w = rsh(pair_exponential(f, i, j), extra + f->ve[j] - 14);
    return (int32_t)(w > WEIGHT_MAX ? WEIGHT_MAX : w);
  }
  return byte_at(pair_score_gradient(f, i, j), product_exponent(f, i) + f->ke[j], extra);
}

/** Row 0 of the keys of a query row, and how many of them it sees. */
struct sight {
  ptrdiff_t first;
  int32_t count;
};

static struct sight sight_of(int32_t row, int32_t heads, int32_t group, int32_t queries,
                             int32_t keys) {
  const int32_t block = row / queries;
  const int32_t sequence = block / heads;
  const int32_t key_head = (block - sequence * heads) / group;
  return (struct sight){(ptrdiff_t)(sequence * (heads / group) + key_head) * keys,
                        row - block * queries + keys - queries + 1};
}

/**
 * The kinds whose rows are query rows, by `mode`. Statistics: [rows, chunks], i16 for magnitudes,
 * else i32. Weights: [rows, keys], i16 for `attention.weights` (with `extra` = x, by key), int8 for
 * `attention.queryWeights` (`extra` = dm, by query). Parts are query rows.
 */
static void attention_by_query(const struct call *call) {
  const struct frame f = frame_of(call, 18);
  const int16_t *extra = optional(call, 13);
  const int32_t keys = call->args[17];
  const int32_t chunk = call->args[21];
  void *out = address(call, 23);
  for (int32_t i = call->from; i < call->to; i++) {
    const struct sight s = sight_of(i, call->args[14], call->args[15], call->args[16], keys);
    if (f.mode == MODE_WEIGHTS || f.mode == MODE_QUERY_WEIGHTS) {
      const int32_t align = f.mode == MODE_WEIGHTS ? extra[s.first + s.count - 1] : extra[i];
      for (int32_t j = 0; j < keys; j++) {
        const int32_t value = j < s.count ? weight_by_query(&f, i, s.first + j, align) : 0;
        store_element(out, (ptrdiff_t)i * keys + j, f.mode == MODE_WEIGHTS ? DTYPE_I16 : DTYPE_I8,
                      value);
      }
      continue;
    }
    const bool is_magnitude = f.mode == MODE_GRADIENT_MAGNITUDE || f.mode == MODE_QUERY_MAGNITUDE;
    const int32_t chunks = (keys + chunk - 1) / chunk;
    for (int32_t c = 0; c < chunks; c++) {
      const int32_t end = min_of(s.count, (c + 1) * chunk);
      const int32_t value = reduce_by_query(&f, i, s.first + c * chunk, s.first + end);
      store_element(out, (ptrdiff_t)i * chunks + c, is_magnitude ? DTYPE_I16 : DTYPE_I32, value);
    }
  }
}

/** A value of a column-wise kind, and its exponent. */
struct term {
  int32_t value;
  int32_t exponent;
};

static struct term term_by_key(const struct frame *f, ptrdiff_t i, ptrdiff_t j) {
  if (f->mode == MODE_KEY_MAGNITUDE || f->mode == MODE_KEY_WEIGHTS) {
    return (struct term){pair_score_gradient(f, i, j), product_exponent(f, i) + f->qe[i]};
  }
  return (struct term){pair_weight(f, i, j), f->doe[i] + 15};
}

/**
 * The kinds whose rows are [sequence, query head, key position], by `mode`. Magnitudes: i16 [rows,
 * chunks of queries]. Weights: int8 [rows, queries] at the magnitudes `km` of the keys. Parts are
 * rows.
 */
static void attention_by_key(const struct call *call) {
  const struct frame f = frame_of(call, 17);
  const int16_t *km = optional(call, 13);
  const int32_t group = call->args[14];
  const int32_t queries = call->args[15];
  const int32_t keys = call->args[16];
  const int32_t chunk = call->args[20];
  void *out = address(call, 22);
  const bool is_magnitude = f.mode == MODE_KEY_MAGNITUDE || f.mode == MODE_VALUE_MAGNITUDE;
  for (int32_t row = call->from; row < call->to; row++) {
    const int32_t block = row / keys;
    const int32_t position = row - block * keys;
    const ptrdiff_t key = (ptrdiff_t)(block / group) * keys + position;
    const ptrdiff_t first = (ptrdiff_t)block * queries;
    const int32_t chunks = (queries + chunk - 1) / chunk;
    for (int32_t c = 0; is_magnitude && c < chunks; c++) {
      int32_t best = NO_MAGNITUDE;
      for (int32_t i = max_of(position, c * chunk); i < min_of(queries, (c + 1) * chunk); i++) {
        const struct term term = term_by_key(&f, first + i, key);
        best = max_of(best, magnitude_at(term.value, term.exponent));
      }
      ((int16_t *)out)[(ptrdiff_t)row * chunks + c] = (int16_t)best;
    }
    for (int32_t i = 0; !is_magnitude && i < queries; i++) {
      const struct term term = i < position ? (struct term){0, 0} : term_by_key(&f, first + i, key);
      ((int8_t *)out)[(ptrdiff_t)row * queries + i] =
          (int8_t)byte_at(term.value, term.exponent, km[key]);
    }
  }
}

/** RSH(RSH(acc, 4) * R, shift) in 30 bits, of acc = sum of w v. */
static inline int32_t context_of(int64_t acc, int64_t reciprocal, int32_t shift) {
  return sat30(rsh(((acc + 8) >> 4) * reciprocal, shift));
}

/** Kind `attention.context`: o i32 [tokens, heads * size]. Parts are query rows. */
static void attention_context(const struct call *call) {
  const int16_t *w = address(call, 0);
  const int16_t *v = address(call, 1);
  const int32_t *row_sum = address(call, 2);
  const int16_t *x = address(call, 3);
  const int32_t heads = call->args[4];
  const int32_t queries = call->args[6];
  const int32_t keys = call->args[7];
  const int32_t size = call->args[8];
  int32_t *out = address(call, 9);
  for (int32_t row = call->from; row < call->to; row++) {
    const struct sight s = sight_of(row, heads, call->args[5], queries, keys);
    const uint32_t sum = (uint32_t)row_sum[row];
    const int64_t reciprocal = reciprocal_of(sum);
    const int32_t shift = bit_length(sum) + 21 - x[s.first + s.count - 1];
    const int32_t block = row / queries;
    const int32_t sequence = block / heads;
    const ptrdiff_t token = (ptrdiff_t)sequence * queries + (row - block * queries);
    int32_t *target = out + (token * heads + (block - sequence * heads)) * size;
    for (int32_t d = 0; d < size; d++) {
      int64_t acc = 0;
      for (int32_t j = 0; j < s.count; j++) {
        acc += (int64_t)w[(ptrdiff_t)row * keys + j] * v[(s.first + j) * size + d];
      }
      target[d] = context_of(acc, reciprocal, shift);
    }
  }
}

/** target[d] += by * source[d], int8 into i32. */
static void add_scaled_bytes(int32_t *target, const int8_t *source, int32_t by, int32_t count) {
  for (int32_t d = 0; d < count; d++) target[d] += by * source[d];
}

/** Kind `attention.queryGradient`: dq i32 [rows, size]. Parts are query rows. */
static void attention_query_gradient(const struct call *call) {
  const int8_t *d8 = address(call, 0);
  const int8_t *k8 = address(call, 1);
  const int32_t keys = call->args[5];
  const int32_t size = call->args[6];
  int32_t *out = address(call, 7);
  for (int32_t row = call->from; row < call->to; row++) {
    const struct sight s = sight_of(row, call->args[2], call->args[3], call->args[4], keys);
    int32_t *target = out + (ptrdiff_t)row * size;
    memset(target, 0, 4 * (size_t)size);
    for (int32_t j = 0; j < s.count; j++) {
      add_scaled_bytes(target, k8 + (s.first + j) * size, d8[(ptrdiff_t)row * keys + j], size);
    }
  }
}

/** Kind `attention.keyGradient`: d i32 [rows, size]. Parts are rows [sequence, query head, key]. */
static void attention_key_gradient(const struct call *call) {
  const int8_t *w8 = address(call, 0);
  const int8_t *x8 = address(call, 1);
  const int32_t queries = call->args[2];
  const int32_t keys = call->args[3];
  const int32_t size = call->args[4];
  int32_t *out = address(call, 5);
  for (int32_t row = call->from; row < call->to; row++) {
    const int32_t position = row % keys;
    int32_t *target = out + (ptrdiff_t)row * size;
    memset(target, 0, 4 * (size_t)size);
    for (int32_t i = position; i < queries; i++) {
      const int8_t *source = x8 + (ptrdiff_t)(row - position + i) * size;
      add_scaled_bytes(target, source, w8[(ptrdiff_t)row * queries + i], size);
    }
  }
}

#endif
