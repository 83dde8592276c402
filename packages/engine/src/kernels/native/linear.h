/**
 * Kinds `linear` and `linear.backward` of ops/linear.ts: ternary product, adapter, scales,
 * residual.
 *
 * Parts are rows of the output (`by_columns` 0) or, for few rows, columns in steps of 16: every
 * column is computed from whole rows of the left operand, so both divisions give the same bytes.
 */
#ifndef R3MES_LINEAR_H
#define R3MES_LINEAR_H

#include "endsAvx512.h"
#include "epilogue.h"
#include "dense.h"
#include "ternary.h"
#include "unpacked.h"

#define FACTOR_BITS 12
#define BACKWARD_SHIFT 10
/** No factor of a sum is past 2^FACTOR_PLACES: mantissas of 15 bits may be rounded up to it. */
#define FACTOR_PLACES 15
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
      .plain = height <= FEW_ROWS && !w->transposed,
      .tiles = (int8_t *)(scratch + LEFT_OFFSET),
      .sums = (int32_t *)(scratch + SUMS_OFFSET),
  };
  if (!left.plain) {
    pack_codes_left(rows, w->depth, height, w->depth, -1, left.tiles, left.sums);
    return left;
  }
  for (int32_t m = 0; m < height; m++) {
    left.sums[m] = -sum_of_bytes(rows + (ptrdiff_t)m * w->depth, w->depth);
  }
  return left;
}

/** Columns [n0, n1) of the exact sums of a block. */
static void ternary_rows(const struct ternary_left *left, const struct ternary *w, int32_t *c,
                         int32_t n0, int32_t n1, const struct ahead *ahead) {
  if (!left->plain) {
    ternary_block(left->tiles, left->sums, w, c + n0, w->columns, left->height, n0, n1);
    return;
  }
  ternary_few(left->rows, left->height, left->sums, w, c, n0, n1, ahead);
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

/** An adapter's share of a product: `u` i16 [rows, rank], a factor i16 [rank, outputs]. */
struct adapter {
  /** NULL where there is none. */
  const int16_t *u;
  const int16_t *factors;
  int32_t rank;
  /** Rows that have one factor: the next ones have the next. */
  int32_t shared;
};

/** The same for rows from `first` on. */
static void rank_strips(const struct adapter *adapter, int32_t outputs, int32_t first, int32_t rows,
                        int32_t n, int32_t count, int32_t *strip) {
  const int32_t rank = adapter->rank;
  int32_t height = 0;
  for (int32_t i = 0; i < rows; i += height) {
    const ptrdiff_t t = first + i;
    const ptrdiff_t sequence = t / adapter->shared;
    height = min_of(rows - i, (int32_t)((sequence + 1) * adapter->shared - t));
    rank_strip(adapter->u + t * rank, adapter->factors + sequence * rank * outputs, rank, outputs,
               height, n, count, strip + i * STRIP_COLUMNS);
  }
}

/** The factors of `rows` rows from `first` on. */
static struct ahead factors_of(const struct adapter *adapter, int32_t outputs, int32_t first,
                               int32_t rows) {
  if (adapter->u == NULL) return (struct ahead){.count = 0};
  const int32_t sequence = first / adapter->shared;
  const int32_t last = (first + rows - 1) / adapter->shared;
  return (struct ahead){
      .rows = adapter->factors + (ptrdiff_t)sequence * adapter->rank * outputs,
      .stride = outputs,
      .count = (last + 1 - sequence) * adapter->rank,
  };
}

/** A ternary product with its ends: what the blocks of it have in common. */
struct linear {
  struct ternary w;
  struct adapter adapter;
  /** i32 [rows, columns], or NULL. */
  const int32_t *addend;
  int32_t *y;
  int32_t rows;
  /** Bounds the bit length of a sum times its factor. */
  int32_t bits;
};

#if defined(QUICK_ENDS)
/**
 * `linear_block` a tile of rows at a time, over columns whose panels are laid out before: what is
 * read and written beside them lies row by row. False where the block has to take the plain way.
 */
static bool quick_block(const struct linear *l, const struct ternary_left *left,
                        const struct end *ends, int32_t t0, int32_t from, int32_t to,
                        int32_t *strip) {
  const struct adapter *adapter = &l->adapter;
  const ptrdiff_t outputs = l->w.columns;
  const int32_t sequence = t0 / adapter->shared;
  const bool has_low = adapter->u != NULL;
  const int32_t rank = has_low ? adapter->rank : 0;
  const int32_t columns = min_of(QUICK_COLUMNS, QUICK_BYTES / l->w.depth & -PANEL_COLUMNS);
  const bool streams =
      4 * outputs * l->rows >= STREAM_BYTES && ((uintptr_t)l->y | 4 * (size_t)outputs) % 64 == 0;
  struct quick_end quick[CODES_ROWS];
  __m512i pairs[FACTOR_PAIRS * QUICK_COLUMNS / PANEL_COLUMNS];
  _Alignas(64) uint8_t panels[QUICK_BYTES];
  if (left->plain || columns == 0 || rank % 2 != 0 || rank > 2 * FACTOR_PAIRS) return false;
  if (has_low && (t0 + left->height - 1) / adapter->shared != sequence) return false;
  if (!quick_ends_of(ends, left->height, has_low, l->bits, quick)) return false;
  for (int32_t n0 = from; n0 < to; n0 += columns) {
    const int32_t count = min_of(columns, to - n0);
    for (int32_t n = 0; n < count; n += PANEL_COLUMNS) {
      decode_panel(&l->w, n0 + n, 0, l->w.depth, panels + (ptrdiff_t)n * l->w.depth);
      if (!has_low) continue;
      pack_factor(adapter->factors + sequence * rank * outputs, rank, l->w.columns, n0 + n,
                  pairs + n / PANEL_COLUMNS * (rank >> 1));
    }
    for (int32_t m = 0; m < left->height; m += TILE_ROWS) {
      const int32_t height = min_of(TILE_ROWS, left->height - m);
      const int8_t *tile = left->tiles + (ptrdiff_t)m * l->w.depth;
      for (int32_t n = 0; n < count; n += PANEL_COLUMNS) {
        /* The rows that a tile lacks are laid out as well. */
        tile_codes_of((height + 3) & ~3, tile, panels + (ptrdiff_t)n * l->w.depth, l->w.depth,
                      left->sums + m, strip + n, QUICK_COLUMNS);
      }
      for (int32_t i = 0; i < height; i++) {
        const ptrdiff_t t = t0 + m + i;
        const struct quick_row row = {
            .sums = strip + i * QUICK_COLUMNS,
            .end = quick + m + i,
            .count = count,
            .u = has_low ? adapter->u + t * rank : NULL,
            .pairs = pairs,
            .addend = l->addend == NULL ? NULL : l->addend + t * outputs + n0,
            .y = l->y + t * outputs + n0,
            .streams = streams,
        };
        end_row(rank, &row);
      }
    }
  }
  /* Other threads read the result behind the next barrier. */
  if (streams) _mm_sfence();
  return true;
}
#endif

/** Columns [from, to) of a block of rows from `t0` on, whose ends are `ends`. */
static void linear_block(const struct linear *l, const struct ternary_left *left,
                         const struct end *ends, int32_t t0, int32_t from, int32_t to,
                         int32_t *strip) {
  const ptrdiff_t outputs = l->w.columns;
  const ptrdiff_t first = t0;
#if defined(QUICK_ENDS)
  if (quick_block(l, left, ends, t0, from, to, strip)) return;
  struct quick_end quick[FEW_ROWS];
  const bool ends_quickly = left->plain && quick_ends_of(ends, left->height, l->adapter.u != NULL,
                                                         l->bits, quick);
#endif
  const struct ahead factors = factors_of(&l->adapter, l->w.columns, t0, left->height);
  for (int32_t n = from; n < to; n += STRIP_COLUMNS) {
    const int32_t count = min_of(STRIP_COLUMNS, to - n);
    const int32_t *addend = l->addend == NULL ? NULL : l->addend + first * outputs + n;
    int32_t *y = l->y + first * outputs;
    if (addend != NULL) prefetch_rows(addend, left->height, outputs, count);
    ternary_rows(left, &l->w, y, n, n + count, &factors);
    if (l->adapter.u != NULL) {
      rank_strips(&l->adapter, l->w.columns, t0, left->height, n, count, strip);
    }
    for (int32_t i = 0; i < left->height; i++) {
      const int32_t *low = l->adapter.u == NULL ? NULL : strip + i * STRIP_COLUMNS;
      int32_t *row = y + i * outputs + n;
#if defined(QUICK_ENDS)
      if (ends_quickly) {
        end_run(row, low, addend == NULL ? NULL : addend + i * outputs, count, quick + i);
        continue;
      }
#endif
      scale_run(row, low, count, ends[i].factor, ends[i].shift, ends[i].low, l->bits);
      if (addend == NULL) continue;
      align_run(addend + i * outputs, ends[i].other, row, ends[i].own, count);
    }
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
  const int16_t *bm = optional(call, 7);
  const int32_t rows = call->args[10];
  const int32_t inputs = call->args[11];
  const int32_t outputs = call->args[12];
  const int32_t alpha_shift = call->args[14];
  const int32_t shared = call->args[17];
  const struct linear l = {
      .w = {address(call, 1), inputs, outputs, call->args[15] != 0},
      .adapter = {u, optional(call, 6), call->args[13], shared},
      .addend = optional(call, 8),
      .y = address(call, 9),
      .rows = rows,
      .bits = bit_length((uint32_t)(128 * inputs)) + FACTOR_PLACES,
  };
  const struct region part = region_of(call, rows, outputs, call->args[16] != 0);
  const int32_t block = codes_block_rows(inputs);
  for (int32_t t0 = part.row_from; t0 < part.row_to; t0 += block) {
    const int32_t height = min_of(block, part.row_to - t0);
    const struct ternary_left left =
        lay_out(x + (ptrdiff_t)t0 * inputs, height, &l.w, call->scratch);
    struct end ends[CODES_ROWS];
    for (int32_t i = 0; i < height; i++) {
      const ptrdiff_t t = t0 + i;
      const int64_t row_scale = (int64_t)scale[0] * m[t] * 256 / 127;
      const int32_t k = bit_length_wide((uint64_t)row_scale) - 15;
      ends[i] = (struct end){.factor = (int32_t)rsh(row_scale, k), .shift = scale[1] + 4 - k};
      if (u == NULL) continue;
      ends[i].low = ue[t] + exponent_of(bm[t / shared], FACTOR_BITS) - alpha_shift - 16;
    }
    linear_block(&l, &left, ends, t0, part.column_from, part.column_to,
                 (int32_t *)(call->scratch + STRIP_OFFSET));
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
  const int16_t *am = optional(call, 7);
  const int16_t *addend_exponents = optional(call, 9);
  int16_t *e = address(call, 11);
  const int32_t rows = call->args[12];
  const int32_t inputs = call->args[13];
  const int32_t outputs = call->args[14];
  const struct linear l = {
      .w = {address(call, 2), inputs, outputs, call->args[16] != 0},
      .adapter = {du, optional(call, 6), call->args[15], rows},
      .addend = optional(call, 8),
      .y = address(call, 10),
      .rows = rows,
      .bits = bit_length((uint32_t)(128 * inputs)) + FACTOR_PLACES,
  };
  const struct region part = region_of(call, rows, outputs, call->args[17] != 0);
  const int32_t factor_exponent = du == NULL ? 0 : exponent_of(am[0], FACTOR_BITS);
  const int32_t block = codes_block_rows(inputs);
  for (int32_t t0 = part.row_from; t0 < part.row_to; t0 += block) {
    const int32_t height = min_of(block, part.row_to - t0);
    const struct ternary_left left =
        lay_out(dy + (ptrdiff_t)t0 * inputs, height, &l.w, call->scratch);
    struct end ends[CODES_ROWS];
    for (int32_t i = 0; i < height; i++) {
      const ptrdiff_t t = t0 + i;
      const int32_t row_exponent = exponent_of(dm[t], 8);
      const int32_t own =
          row_exponent == ZERO_EXPONENT ? row_exponent : row_exponent + scale[1] - BACKWARD_SHIFT;
      const int32_t other = addend_exponents == NULL ? ZERO_EXPONENT : addend_exponents[t];
      const int32_t common = min_of(own, other);
      ends[i] = (struct end){
          .factor = scale[0],
          .shift = BACKWARD_SHIFT,
          .low = du == NULL ? 0 : due[t] + factor_exponent - own,
          .own = own - common,
          .other = other - common,
      };
      if (part.column_from == 0) e[t] = (int16_t)common;
    }
    linear_block(&l, &left, ends, t0, part.column_from, part.column_to,
                 (int32_t *)(call->scratch + STRIP_OFFSET));
  }
}

#endif
