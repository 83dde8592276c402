/**
 * Scores over the vocabulary, loss and the gradient of the last hidden rows: the kinds of
 * ops/head.ts.
 */
#ifndef R3MES_HEAD_H
#define R3MES_HEAD_H

#include "epilogue.h"
#include "exponential.h"
#include "gather.h"
#include "linear.h"
#include "optimizer.h"

/** round(2^16 * log2(e)). */
#define LOG2_E 94548
/** Site of the noise of dlogits. */
#define SITE_DLOGITS 1
/** Columns of the vocabulary that one product covers. */
#define SCORE_COLUMNS 512
/**
 * Up to so many rows have their sums in scratch: rows of a vocabulary lie a power of two apart, and
 * would drive each other out of the cache.
 */
#define ASIDE_ROWS 16
/** Columns whose gradients lie in scratch at once. */
#define LOGIT_COLUMNS 4096

/** The scales of the head's rows, of any format. */
struct scales {
  const void *data;
  int32_t dtype;
};

/**
 * to[i] = SAT30(RSH(RSH(acc * scale, 8) * c15, shift)) of the sums of one run of the vocabulary
 * from v on. `bits` bounds the sums and says whether 32 bits hold what the first shift leaves.
 */
static void score_run(const int32_t *sums, int32_t *to, int32_t count, struct scales scales,
                      int32_t v, int32_t c15, int32_t shift, int32_t bits) {
  if (scales.dtype == DTYPE_I16 && bits <= 24 && c15 > 0 && shift >= 1 && shift <= 32) {
    multiply_shift_each(sums, (const int16_t *)scales.data + v, count, 8, to);
    clamp_run(to, count, least_beyond(SAT30, c15, shift));
    multiply_shift_run(to, count, c15, shift, to);
    clamp_run(to, count, SAT30);
    return;
  }
  for (int32_t j = 0; j < count; j++) {
    const int64_t scaled = rsh(sums[j] * load_element(scales.data, v + j, scales.dtype), 8);
    to[j] = sat30(rsh(scaled * c15, shift));
  }
}

/**
 * Kind `head.score`: i32 [rows, vocabulary]. `f8` int8 [rows, columns], `e8` int8 [vocabulary,
 * columns]. Parts are rows, or (`by_columns`) vocabulary in steps of 16.
 */
static void head_score(const struct call *call) {
  const int8_t *f8 = address(call, 0);
  const int8_t *e8 = address(call, 1);
  const struct scales scales = {address(call, 2), call->args[3]};
  const int32_t shared = (int32_t)load_element(address(call, 4), 0, call->args[5]) + 8;
  const int32_t *m = address(call, 6);
  const int32_t columns = call->args[8];
  const int32_t vocabulary = call->args[9];
  int32_t *out = address(call, 10);
  const struct region part = region_of(call, call->args[7], vocabulary, call->args[11] != 0);
  const int32_t bits = bit_length((uint32_t)(128 * 128 * columns));
  for (int32_t t0 = part.row_from; t0 < part.row_to; t0 += BLOCK_ROWS) {
    const int32_t height = min_of(BLOCK_ROWS, part.row_to - t0);
    const struct rows left = {f8 + (ptrdiff_t)t0 * columns, columns, false};
    for (int32_t v = part.column_from; v < part.column_to; v += SCORE_COLUMNS) {
      const int32_t count = min_of(SCORE_COLUMNS, part.column_to - v);
      const struct right right = {e8 + (ptrdiff_t)v * columns, columns, 0};
      int32_t *block = out + (ptrdiff_t)t0 * vocabulary + v;
      const bool aside = height <= ASIDE_ROWS;
      int32_t *sums = aside ? (int32_t *)(call->scratch + STRIP_OFFSET) : block;
      const ptrdiff_t stride = aside ? SCORE_COLUMNS : vocabulary;
      if (height > FEW_BYTE_ROWS) {
        multiply_rows(left, height, right, count, columns, true, sums, stride);
      } else {
        const struct narrow_rows hidden = {left.data, columns};
        const struct narrow_rows table = {right.data, columns};
        few_times_rows(hidden, height, table, sums, stride, count, columns);
      }
      for (int32_t i = 0; i < height; i++) {
        const int64_t scale = (int64_t)m[t0 + i] * LOG2_E * 16 / 127;
        const int32_t k = bit_length_wide((uint64_t)scale) - 15;
        score_run(sums + i * stride, block + (ptrdiff_t)i * vocabulary, count, scales, v,
                  (int32_t)rsh(scale, k), shared - k, bits);
      }
    }
  }
}

/** Kind `head.sum`: i64 [rows, chunks]. Parts are rows. */
static void head_sum(const struct call *call) {
  const int32_t *score = address(call, 0);
  const int32_t *row_max = address(call, 1);
  const int32_t vocabulary = call->args[2];
  const int32_t chunk = call->args[3];
  const int32_t *table = address(call, 4);
  int64_t *out = address(call, 5);
  int32_t *powers = (int32_t *)(call->scratch + STRIP_OFFSET);
  const int32_t chunks = (vocabulary + chunk - 1) / chunk;
  for (int32_t t = call->from; t < call->to; t++) {
    const int32_t *row = score + (ptrdiff_t)t * vocabulary;
    const uint32_t top = (uint32_t)row_max[t];
    for (int32_t c = 0; c < chunks; c++) {
      int64_t sum = 0;
      const int32_t end = min_of(vocabulary, (c + 1) * chunk);
      for (int32_t v = c * chunk; v < end; v += LOGIT_COLUMNS) {
        const int32_t count = min_of(LOGIT_COLUMNS, end - v);
        exponentials(row + v, count, top, table, powers);
        for (int32_t i = 0; i < count; i++) sum += powers[i];
      }
      out[(ptrdiff_t)t * chunks + c] = sum;
    }
  }
}

/** Kind `head.loss`: i32 [rows], bits in Q16. Parts are rows. */
static void head_loss(const struct call *call) {
  const struct tokens tokens = {address(call, 0), call->args[1], call->args[2], call->args[6]};
  const int32_t *score = address(call, 3);
  const int32_t *row_max = address(call, 4);
  const uint64_t *row_sum = address(call, 5);
  const int32_t *table = address(call, 7);
  int32_t *out = address(call, 8);
  for (int32_t t = call->from; t < call->to; t++) {
    const int32_t target = token_at(tokens, t, 1);
    const int64_t distance = (int64_t)row_max[t] - score[(ptrdiff_t)t * tokens.vocabulary + target];
    out[t] = sat30(log2_of(row_sum[t], table) - 30 * 65536 + distance);
  }
}

/** What the gradients of one row of scores have in common. */
struct logits {
  const int32_t *score;
  uint32_t top;
  uint64_t reciprocal;
  struct scales scales;
  const int32_t *table;
};

static uint64_t reciprocal_of_sum(int64_t sum) {
  return ((uint64_t)1 << 60) / (uint64_t)(sum < 1 ? 1 : sum);
}

/** dl' of one logit: the gradient in Q22 times the row scale of the head. */
static int64_t logit_gradient(const struct logits *row, int32_t v, bool is_target) {
  const uint64_t e = (uint64_t)exp2n(row->top - (uint32_t)row->score[v], row->table);
  const int64_t p22 = (int64_t)(e * row->reciprocal >> 38);
  const int64_t by = load_element(row->scales.data, v, row->scales.dtype);
  return rsh((is_target ? p22 - (1 << 22) : p22) * by, 15);
}

/** True if 32 bits hold the gradients of a row: it has its own maximum, and scales of 16 bits. */
static bool is_narrow(const struct logits *row) {
  return row->reciprocal <= (1u << 30) && row->scales.dtype == DTYPE_I16;
}

/** dl' of columns [from, to), none of them the target's, where `is_narrow`. */
static void logit_run(const struct logits *row, int32_t from, int32_t to, int32_t *out) {
  const int16_t *scales = row->scales.data;
  const uint32_t reciprocal = (uint32_t)row->reciprocal;
  exponentials(row->score + from, to - from, row->top, row->table, out);
  for (int32_t i = 0; i < to - from; i++) {
    out[i] = (int32_t)((uint64_t)(uint32_t)out[i] * reciprocal >> 38);
  }
  multiply_shift_each(out, scales + from, to - from, 15, out);
}

/** The union of the magnitudes of columns [from, to). */
static uint64_t logit_bits(const struct logits *row, int32_t from, int32_t to, int32_t *values) {
  uint64_t bits = 0;
  if (is_narrow(row)) {
    for (int32_t v = from; v < to; v += LOGIT_COLUMNS) {
      const int32_t count = min_of(LOGIT_COLUMNS, to - v);
      logit_run(row, v, v + count, values);
      bits |= magnitude_bits(values, count);
    }
    return bits;
  }
  for (int32_t v = from; v < to; v++) bits |= magnitude_wide(logit_gradient(row, v, false));
  return bits;
}

/** The operands that the kinds of dlogits share, in the order of their first eight arguments. */
struct gradients {
  struct tokens tokens;
  const int32_t *score;
  const int32_t *row_max;
  const int64_t *row_sum;
  struct scales scales;
};

static struct gradients gradients_of(const struct call *call, int32_t vocabulary) {
  return (struct gradients){
      {address(call, 0), call->args[1], call->args[2], vocabulary},
      address(call, 3),
      address(call, 4),
      address(call, 5),
      {address(call, 6), call->args[7]},
  };
}

static struct logits logits_of(const struct gradients *g, int32_t t, const int32_t *table) {
  return (struct logits){g->score + (ptrdiff_t)t * g->tokens.vocabulary, (uint32_t)g->row_max[t],
                         reciprocal_of_sum(g->row_sum[t]), g->scales, table};
}

/** Kind `dlogits.magnitude`: i16 [rows, chunks], without the target's column. Parts are rows. */
static void dlogits_magnitude(const struct call *call) {
  const int32_t vocabulary = call->args[8];
  const struct gradients g = gradients_of(call, vocabulary);
  const int32_t chunk = call->args[9];
  const int32_t *table = address(call, 10);
  int16_t *out = address(call, 11);
  int32_t *values = (int32_t *)(call->scratch + STRIP_OFFSET);
  const int32_t chunks = (vocabulary + chunk - 1) / chunk;
  for (int32_t t = call->from; t < call->to; t++) {
    const int32_t target = token_at(g.tokens, t, 1);
    const struct logits row = logits_of(&g, t, table);
    for (int32_t c = 0; c < chunks; c++) {
      const int32_t from = c * chunk;
      const int32_t to = min_of(vocabulary, from + chunk);
      const int32_t before = target < from ? from : min_of(target, to);
      const int32_t behind = target < from ? from : min_of(target + 1, to);
      const uint64_t bits =
          logit_bits(&row, from, before, values) | logit_bits(&row, behind, to, values);
      out[(ptrdiff_t)t * chunks + c] = (int16_t)(bits == 0 ? NO_MAGNITUDE : bit_length_wide(bits));
    }
  }
}

/** (value + the low s bits of noise) >> s. */
static inline int64_t round_stochastically(int64_t value, int32_t s, uint32_t word) {
  return (value + (int64_t)(word & (((uint64_t)1 << s) - 1))) >> s;
}

/** Kind `dlogits`: int8 [rows, vocabulary], 0 in the target's column. Parts are rows. */
static void dlogits(const struct call *call) {
  const int32_t vocabulary = call->args[10];
  const struct gradients g = gradients_of(call, vocabulary);
  const int16_t *magnitudes = address(call, 8);
  const uint32_t *step = address(call, 9);
  const int32_t *table = address(call, 11);
  int8_t *out = address(call, 12);
  int32_t *values = (int32_t *)(call->scratch + STRIP_OFFSET);
  for (int32_t t = call->from; t < call->to; t++) {
    const struct logits row = logits_of(&g, t, table);
    const int32_t s = max_of(0, magnitudes[t] - 7);
    const uint32_t noise =
        noise_row(step[STEP_SEED_LOW], step[STEP_SEED_HIGH], SITE_DLOGITS, (uint32_t)t);
    int8_t *target = out + (ptrdiff_t)t * vocabulary;
    if (is_narrow(&row) && s <= 24) {
      const uint32_t mask = (1u << s) - 1;
      for (int32_t v = 0; v < vocabulary; v += LOGIT_COLUMNS) {
        const int32_t count = min_of(LOGIT_COLUMNS, vocabulary - v);
        logit_run(&row, v, v + count, values);
        for (int32_t j = 0; j < count; j++) {
          const int32_t low = (int32_t)(noise_at(noise, (uint32_t)(v + j)) & mask);
          target[v + j] = (int8_t)clamp_narrow((values[j] + low) >> s, 127);
        }
      }
    } else {
      for (int32_t v = 0; v < vocabulary; v++) {
        const int64_t value = logit_gradient(&row, v, false);
        const uint32_t word = noise_at(noise, (uint32_t)v);
        target[v] = (int8_t)clamp(round_stochastically(value, s, word), 127);
      }
    }
    target[token_at(g.tokens, t, 1)] = 0;
  }
}

/** Kind `dlogits.target`: i32 [rows]. Parts are rows. */
static void dlogits_target(const struct call *call) {
  const struct gradients g = gradients_of(call, call->args[10]);
  const int16_t *magnitudes = address(call, 8);
  const uint32_t *step = address(call, 9);
  const int32_t *table = address(call, 11);
  int32_t *out = address(call, 12);
  for (int32_t t = call->from; t < call->to; t++) {
    const int32_t v = token_at(g.tokens, t, 1);
    const struct logits row = logits_of(&g, t, table);
    const int32_t s = max_of(0, magnitudes[t] - 7);
    const uint32_t noise =
        noise_row(step[STEP_SEED_LOW], step[STEP_SEED_HIGH], SITE_DLOGITS, (uint32_t)t);
    const uint32_t word = noise_at(noise, (uint32_t)v);
    out[t] = (int32_t)round_stochastically(logit_gradient(&row, v, true), s, word);
  }
}

/** Kind `head.backward`: dx i32 [rows, columns], e i16 [rows]. Parts are rows. */
static void head_backward(const struct call *call) {
  const struct tokens tokens = {address(call, 0), call->args[1], call->args[2], call->args[10]};
  const int32_t *acc = address(call, 3);
  const int32_t count = call->args[4];
  const int32_t *target = address(call, 5);
  const int8_t *e8 = address(call, 6);
  const int32_t shared = (int32_t)load_element(address(call, 7), 0, call->args[8]) + 22 - 15;
  const int16_t *magnitudes = address(call, 9);
  const int32_t columns = call->args[11];
  int32_t *dx = address(call, 12);
  int16_t *e = address(call, 13);
  for (int32_t t = call->from; t < call->to; t++) {
    const int8_t *own = e8 + (ptrdiff_t)token_at(tokens, t, 1) * columns;
    const int32_t *row = acc + (ptrdiff_t)t * columns * count;
    for (int32_t i = 0; i < columns; i++) {
      int32_t sum = target[t] * own[i];
      for (int32_t c = 0; c < count; c++) sum += row[partial_column(i, c, count, columns)];
      dx[(ptrdiff_t)t * columns + i] = sum;
    }
    e[t] = (int16_t)(shared - max_of(0, magnitudes[t] - 7));
  }
}

#endif
