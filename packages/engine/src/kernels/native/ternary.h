/**
 * Products with ternary weights on the P16 layout, forward, transposed and of few rows.
 *
 * P16 holds W[outputs, inputs] as u32 words P[outputs / 16][inputs / 16][16]: the word of output n
 * and input block t has the 16 codes w(n, 16 t + 4 f + b) + 1 at byte b, bits 2 f and 2 f + 1.
 */
#ifndef R3MES_TERNARY_H
#define R3MES_TERNARY_H

#include "pack.h"

/** Most rows that are laid out at once: their strips of 128 columns fit the room for a row. */
#define CODES_ROWS 240

#if !defined(FEW_ROWS)
/** Most rows that are read as they lie, beside packed words. */
#define FEW_ROWS (PACK_ROWS_MIN - 1)

static void rows_codes(int32_t rows, const int8_t *a, ptrdiff_t a_stride, const uint32_t *words,
                       int32_t depth, const int32_t *initial, int32_t *c, ptrdiff_t c_stride,
                       int32_t columns, const struct ahead *ahead) {
  ask_ahead(ahead, 0, ahead->count);
  for (int32_t n = 0; n < columns; n += PANEL_COLUMNS, words += depth) {
    for (int32_t r = 0; r < rows; r++) {
      row_codes(a + r * a_stride, words, depth, initial[r], c + r * c_stride + n);
    }
  }
}
#endif

/** `blocks` words of 16 rows as a panel whose columns are the 16 outputs. */
static void decode_forward(const uint32_t *words, uint8_t *panel, int32_t blocks) {
  for (int32_t t = 0; t < blocks; t++, words += 16, panel += 256) {
    for (int32_t field = 0; field < 4; field++) {
      uint32_t codes[16];
      for (int32_t j = 0; j < 16; j++) codes[j] = (words[j] >> (2 * field)) & 0x03030303u;
      memcpy(panel + 64 * field, codes, 64);
    }
  }
}

#if !defined(WIDE_DECODE)
/** One input block of `groups` x 16 rows as a panel whose columns are the 16 inputs. */
static void decode_transposed(const uint32_t *words, ptrdiff_t group_words, uint8_t *panel,
                              int32_t groups) {
  const words4 mask = {0x03030303u, 0x03030303u, 0x03030303u, 0x03030303u};
  for (int32_t g = 0; g < groups; g++, words += group_words) {
    for (int32_t q = 0; q < 16; q += 4, panel += 64) {
      words4 x;
      memcpy(&x, words + q, 16);
      for (int32_t field = 0; field < 4; field++) {
        const bytes16 codes = (bytes16)((x >> (2 * field)) & mask);
        const bytes16 turned = __builtin_shufflevector(codes, codes, 0, 4, 8, 12, 1, 5, 9, 13, 2, 6,
                                                       10, 14, 3, 7, 11, 15);
        memcpy(panel + 16 * field, &turned, 16);
      }
    }
  }
}
#endif

/** Rows of a block of int8 rows whose tiles fit the scratch reserved for left operands. */
static int32_t codes_block_rows(int32_t depth) {
  const int32_t rows = min_of(CODES_ROWS, LEFT_BYTES / max_of(depth, 1));
  return max_of(TILE_ROWS, rows / TILE_ROWS * TILE_ROWS);
}

/** One tile of which only `rows` belong to `c`: computed aside and copied. */
static void tile_codes_edge(const int8_t *left, const uint8_t *panel, int32_t depth,
                            const int32_t *initial, int32_t *c, ptrdiff_t stride, int32_t rows) {
#if defined(EXACT_TILES)
  if (rows % 4 == 0) {
    tile_codes_of(rows, left, panel, depth, initial, c, stride);
    return;
  }
#endif
  int32_t aside[TILE_ROWS * PANEL_COLUMNS] = {0};
  for (int32_t r = 0; initial == NULL && r < rows; r++) {
    memcpy(aside + r * PANEL_COLUMNS, c + r * stride, 4 * PANEL_COLUMNS);
  }
  tile_codes(left, panel, depth, initial, aside, PANEL_COLUMNS);
  for (int32_t r = 0; r < rows; r++) {
    memcpy(c + r * stride, aside + r * PANEL_COLUMNS, 4 * PANEL_COLUMNS);
  }
}

struct ternary {
  const uint32_t *words;
  /** Columns of the left operand, and of the product; multiples of 16. */
  int32_t depth;
  int32_t columns;
  /** The words hold W[depth, columns] and not W[columns, depth]. */
  bool transposed;
};

/** Inputs [k, k + depth) of columns [n, n + 16) as a panel; all of them multiples of 16. */
static void decode_panel(const struct ternary *w, int32_t n, int32_t k, int32_t depth,
                         uint8_t *panel) {
  const ptrdiff_t blocks = (w->transposed ? w->columns : w->depth) >> 4;
  if (w->transposed)
    decode_transposed(w->words + ((k >> 4) * blocks + (n >> 4)) * 16, blocks * 16, panel,
                      depth >> 4);
  else
    decode_forward(w->words + ((n >> 4) * blocks + (k >> 4)) * 16, panel, depth >> 4);
}

/**
 * c[m, n] = sum over k of a[m, k] * W[n, k], columns [n0, n1) in steps of 16, for at most
 * `codes_block_rows` int8 rows that `pack_codes_left` laid out in `left` and `sums`. `c` begins with
 * column n0 and has `stride` elements a row.
 */
static void ternary_block(const int8_t *left, const int32_t *sums, const struct ternary *w,
                          int32_t *c, ptrdiff_t stride, int32_t rows, int32_t n0, int32_t n1) {
  _Alignas(64) uint8_t panel[CODES_DEPTH * PANEL_COLUMNS];
  const int32_t depth = w->depth;
  for (int32_t n = n0; n < n1; n += 16) {
    for (int32_t k = 0; k < depth; k += CODES_DEPTH) {
      const int32_t steps = min_of(CODES_DEPTH, depth - k);
      decode_panel(w, n, k, steps, panel);
      for (int32_t m = 0; m < rows; m += TILE_ROWS) {
        const int8_t *tile = left + (ptrdiff_t)m * depth + k * TILE_ROWS;
        const int32_t *initial = k == 0 ? sums + m : NULL;
        int32_t *to = c + m * stride + (n - n0);
        /* Rows of the result lie too far apart for the processor to foresee the next panel's. */
        for (int32_t r = 0; k == 0 && r < TILE_ROWS; r++) {
          __builtin_prefetch(to + r * stride + PANEL_COLUMNS, 1);
        }
        if (rows - m >= TILE_ROWS) {
          tile_codes(tile, panel, steps, initial, to, stride);
        } else {
          tile_codes_edge(tile, panel, steps, initial, to, stride, rows - m);
        }
      }
    }
  }
}

/** Columns of i16 that lie in one line of a cache. */
#define LINE_COLUMNS 32

/**
 * The same for up to FEW_ROWS rows as they lie, whose negative sums are `initial`: the product of
 * decoding, which unpacks no word twice. `ahead` begins with column 0.
 */
static void ternary_few(const int8_t *a, int32_t rows, const int32_t *initial,
                        const struct ternary *w, int32_t *c, int32_t n0, int32_t n1,
                        const struct ahead *ahead) {
  for (int32_t n = n0; n < n1; n += LINE_COLUMNS) {
    const uint32_t *words = w->words + (ptrdiff_t)(n >> 4) * w->depth;
    const int16_t *runs = ahead->count == 0 ? NULL : ahead->rows + n;
    const struct ahead line = {runs, ahead->stride, ahead->count};
    rows_codes(rows, a, w->depth, words, w->depth, initial, c + n, w->columns,
               min_of(LINE_COLUMNS, n1 - n), &line);
  }
}

#endif
