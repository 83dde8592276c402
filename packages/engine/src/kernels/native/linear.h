/**
 * Kinds `linear` and `linear.backward` of ops/linear.ts: ternary product, adapter, scales,
 * residual.
 *
 * Parts are rows of the output (`by_columns` 0) or, for few rows, columns in steps of 16: every
 * column is computed from whole rows of the left operand, so both divisions give the same bytes.
 */
#ifndef R3MES_LINEAR_H
#define R3MES_LINEAR_H

#include "epilogue.h"
#include "products.h"

#define FACTOR_BITS 12
#define BACKWARD_SHIFT 10
/** Columns that the ends of a product cover at once: a run that the first cache level keeps. */
#define STRIP_COLUMNS 128

/** The rows and columns that a part of a product covers. */
struct region {
  int32_t row_from, row_to, column_from, column_to;
};

static struct region region_of(const struct call *call, int32_t rows, int32_t columns,
                               bool by_columns) {
  if (by_columns) return (struct region){0, rows, call->from, call->to};
  return (struct region){call->from, call->to, 0, columns};
}

/** A block of rows of the left operand of a ternary product, ready for any columns of it. */
struct ternary_left {
  const int8_t *rows;
  int32_t height;
  /** Too few rows to be laid out: every column is computed from the rows as they lie. */
  bool plain;
  int8_t *tiles;
  int32_t *sums;
};

static struct ternary_left lay_out(const int8_t *rows, int32_t height, const struct ternary *w,
                                   uint8_t *scratch) {
  const struct ternary_left left = {
      .rows = rows,
      .height = height,
      .plain = height < PACK_ROWS_MIN && !w->transposed,
      .tiles = (int8_t *)(scratch + LEFT_OFFSET),
      .sums = (int32_t *)(scratch + SUMS_OFFSET),
  };
  if (!left.plain) pack_codes_left(rows, w->depth, height, w->depth, -1, left.tiles, left.sums);
  return left;
}

/** Columns [n0, n1) of the exact sums of a block. */
static void ternary_rows(const struct ternary_left *left, const struct ternary *w, int32_t *c,
                         int32_t n0, int32_t n1) {
  if (!left->plain) {
    ternary_block(left->tiles, left->sums, w, c, left->height, n0, n1);
    return;
  }
  for (int32_t m = 0; m < left->height; m++) {
    const ptrdiff_t row = m;
    ternary_row(left->rows + row * w->depth, w, c + row * w->columns, n0, n1);
  }
}

/**
 * Asks for columns [n, n + count) of a block of rows, of `columns` each, which the end of a product
 * will read: a run is too short for the processor to foresee the next row's.
 */
static void prefetch_rows(const int32_t *x, int32_t height, ptrdiff_t columns, int32_t count) {
  for (int32_t i = 0; i < height; i++) {
    for (int32_t n = 0; n < count; n += 16) __builtin_prefetch(x + i * columns + n);
  }
}

/**
 * The share of an adapter in columns [n, n + count) of a block of rows: i32 [rows, STRIP_COLUMNS].
 */
static void rank_strip(const int16_t *u, const int16_t *factor, int32_t rank, int32_t outputs,
                       int32_t rows, int32_t n, int32_t count, int32_t *strip) {
  if (rows < PACK_ROWS_MIN) {
    for (int32_t i = 0; i < rows; i++) {
      row_times_columns(u + (ptrdiff_t)i * rank, factor + n, outputs, rank, count,
                        strip + i * STRIP_COLUMNS);
    }
    return;
  }
  const struct rows left = {u, rank, true};
  const struct right right = {factor + n, outputs, BY_COLUMNS | WIDE};
  multiply_rows(left, rows, right, count, rank, true, strip, STRIP_COLUMNS);
}

/** The same for rows from `first` on, of which each `shared` have their own of the factors. */
static void rank_strips(const int16_t *u, const int16_t *factors, int32_t rank, int32_t outputs,
                        int32_t shared, int32_t first, int32_t rows, int32_t n, int32_t count,
                        int32_t *strip) {
  int32_t height = 0;
  for (int32_t i = 0; i < rows; i += height) {
    const ptrdiff_t t = first + i;
    const ptrdiff_t sequence = t / shared;
    height = min_of(rows - i, (int32_t)((sequence + 1) * shared - t));
    rank_strip(u + t * rank, factors + sequence * rank * outputs, rank, outputs, height, n, count,
               strip + i * STRIP_COLUMNS);
  }
}

/**
 * Kinds `linear` and `decode.linear`:
 * y = SAT30(RSH(acc * c15, E + 4 - k) + RSH(low, ue + be - alphaShift - 16)), plus the residual.
 * `scale` i32 [mantissa, exponent]; `m` i32 [rows]; adapter: `u` i16 [rows, rank], `ue` i16 [rows],
 * `b` i16 [rank, outputs] and `bm` i16 [1] for each `shared` rows; `residual` i32 [rows, outputs].
 */
static void linear_rows(const struct call *call) {
  const int8_t *x = address(call, 0);
  const int32_t *scale = address(call, 2);
  const int32_t *m = address(call, 3);
  const int16_t *u = optional(call, 4);
  const int16_t *ue = optional(call, 5);
  const int16_t *b = optional(call, 6);
  const int16_t *bm = optional(call, 7);
  const int32_t *residual = optional(call, 8);
  int32_t *y = address(call, 9);
  const int32_t rows = call->args[10];
  const int32_t inputs = call->args[11];
  const int32_t outputs = call->args[12];
  const int32_t rank = call->args[13];
  const int32_t alpha_shift = call->args[14];
  const struct ternary w = {address(call, 1), inputs, outputs, call->args[15] != 0};
  const struct region part = region_of(call, rows, outputs, call->args[16] != 0);
  const int32_t shared = call->args[17];
  int32_t *strip = (int32_t *)(call->scratch + STRIP_OFFSET);
  const int32_t bits = bit_length((uint32_t)(128 * inputs)) + 16;
  const int32_t block = codes_block_rows(inputs);
  for (int32_t t0 = part.row_from; t0 < part.row_to; t0 += block) {
    const int32_t height = min_of(block, part.row_to - t0);
    const ptrdiff_t first = t0;
    const struct ternary_left left = lay_out(x + first * inputs, height, &w, call->scratch);
    for (int32_t n = part.column_from; n < part.column_to; n += STRIP_COLUMNS) {
      const int32_t count = min_of(STRIP_COLUMNS, part.column_to - n);
      if (residual != NULL) prefetch_rows(residual + first * outputs + n, height, outputs, count);
      ternary_rows(&left, &w, y + first * outputs, n, n + count);
      if (u != NULL) rank_strips(u, b, rank, outputs, shared, t0, height, n, count, strip);
      for (int32_t i = 0; i < height; i++) {
        const ptrdiff_t t = first + i;
        const int64_t row_scale = (int64_t)scale[0] * m[t] * 256 / 127;
        const int32_t k = bit_length_wide((uint64_t)row_scale) - 15;
        const int32_t c15 = (int32_t)rsh(row_scale, k);
        const int32_t *low = u == NULL ? NULL : strip + i * STRIP_COLUMNS;
        int32_t low_shift = 0;
        if (u != NULL) {
          low_shift = ue[t] + exponent_of(bm[t / shared], FACTOR_BITS) - alpha_shift - 16;
        }
        int32_t *row = y + t * outputs + n;
        scale_run(row, low, count, c15, scale[1] + 4 - k, low_shift, bits);
        if (residual != NULL) add_run(residual + t * outputs + n, row, count);
      }
    }
  }
}

/**
 * dx = SAT30(RSH(acc * M, 10) + RSH(low, due + ae - own)) with own = dye + E - 10, then aligned
 * with the addend to the smaller exponent. `dm` i16 [rows]; adapter `du`, `due`, `a` i16 [rank,
 * outputs], `am`; `addend` i32 and `addendE` i16. Writes `dx` i32 and, in the part that owns column
 * 0, `e` i16.
 */
static void linear_backward_rows(const struct call *call) {
  const int8_t *dy = address(call, 0);
  const int16_t *dm = address(call, 1);
  const int32_t *scale = address(call, 3);
  const int16_t *du = optional(call, 4);
  const int16_t *due = optional(call, 5);
  const int16_t *a = optional(call, 6);
  const int16_t *am = optional(call, 7);
  const int32_t *addend = optional(call, 8);
  const int16_t *addend_exponents = optional(call, 9);
  int32_t *dx = address(call, 10);
  int16_t *e = address(call, 11);
  const int32_t rows = call->args[12];
  const int32_t inputs = call->args[13];
  const int32_t outputs = call->args[14];
  const int32_t rank = call->args[15];
  const struct ternary w = {address(call, 2), inputs, outputs, call->args[16] != 0};
  const struct region part = region_of(call, rows, outputs, call->args[17] != 0);
  int32_t *strip = (int32_t *)(call->scratch + STRIP_OFFSET);
  const int32_t factor_exponent = du == NULL ? 0 : exponent_of(am[0], FACTOR_BITS);
  const int32_t bits = bit_length((uint32_t)(128 * inputs)) + 15;
  const int32_t block = codes_block_rows(inputs);
  for (int32_t t0 = part.row_from; t0 < part.row_to; t0 += block) {
    const int32_t height = min_of(block, part.row_to - t0);
    const ptrdiff_t first = t0;
    const struct ternary_left left = lay_out(dy + first * inputs, height, &w, call->scratch);
    for (int32_t n = part.column_from; n < part.column_to; n += STRIP_COLUMNS) {
      const int32_t count = min_of(STRIP_COLUMNS, part.column_to - n);
      if (addend != NULL) prefetch_rows(addend + first * outputs + n, height, outputs, count);
      ternary_rows(&left, &w, dx + first * outputs, n, n + count);
      if (du != NULL) rank_strip(du + first * rank, a, rank, outputs, height, n, count, strip);
      for (int32_t i = 0; i < height; i++) {
        const ptrdiff_t t = first + i;
        const int32_t row_exponent = exponent_of(dm[t], 8);
        const int32_t own =
            row_exponent == ZERO_EXPONENT ? row_exponent : row_exponent + scale[1] - BACKWARD_SHIFT;
        const int32_t other = addend_exponents == NULL ? ZERO_EXPONENT : addend_exponents[t];
        const int32_t common = min_of(own, other);
        const int32_t *low = du == NULL ? NULL : strip + i * STRIP_COLUMNS;
        const int32_t low_shift = du == NULL ? 0 : due[t] + factor_exponent - own;
        int32_t *row = dx + t * outputs + n;
        scale_run(row, low, count, scale[0], BACKWARD_SHIFT, low_shift, bits);
        if (addend != NULL) {
          align_run(addend + t * outputs + n, other - common, row, own - common, count);
        }
        if (n == 0) e[t] = (int16_t)common;
      }
    }
  }
}

#endif
