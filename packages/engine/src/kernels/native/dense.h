/**
 * Products of rows of int8 and i16 with matrices of int8 and i16, both laid out by pack.h.
 */
#ifndef R3MES_DENSE_H
#define R3MES_DENSE_H

#include "pack.h"

/** Steps of one panel of pairs: 16 KiB. */
#define PAIRS_DEPTH 512
/** Most rows that one call lays out at once, a multiple of every TILE_ROWS; those of i16 take 192 KiB. */
#define BLOCK_ROWS 192

/** One tile of which only `rows` and `columns` belong to `c`: computed aside and copied. */
static void tile_pairs_edge(const int16_t *left, const int16_t *panel, int32_t depth, bool fresh,
                            int32_t *c, ptrdiff_t stride, int32_t rows, int32_t columns) {
#if defined(EXACT_TILES)
  if (rows % 4 == 0 && columns == PANEL_COLUMNS) {
    tile_pairs_of(rows, left, panel, depth, fresh, c, stride);
    return;
  }
#endif
  int32_t aside[TILE_ROWS * PANEL_COLUMNS] = {0};
  for (int32_t r = 0; !fresh && r < rows; r++) {
    memcpy(aside + r * PANEL_COLUMNS, c + r * stride, 4 * (size_t)columns);
  }
  tile_pairs(left, panel, depth, fresh, aside, PANEL_COLUMNS);
  for (int32_t r = 0; r < rows; r++) {
    memcpy(c + r * stride, aside + r * PANEL_COLUMNS, 4 * (size_t)columns);
  }
}

/**
 * Products of up to BLOCK_ROWS rows, laid out by `pack_pairs_left` from input `k0` on, with
 * `columns` columns of b from `n0` on, in c[m, n - n0]. `depth` is at most PAIRS_DEPTH.
 */
static void pairs_block(const int16_t *tiles, int32_t rows, struct right b, int32_t n0,
                        int32_t columns, int32_t k0, int32_t depth, bool fresh, int32_t *c,
                        ptrdiff_t stride) {
  _Alignas(64) int16_t panel[PAIRS_DEPTH * PANEL_COLUMNS];
  const int32_t even = (depth + 3) & ~3;
  /* The last steps of a panel whose depth is no multiple of 4: the left side is 0 there too. */
  if (even - depth >= 2) memset(panel + (even - 2) * PANEL_COLUMNS, 0, 4 * PANEL_COLUMNS);
  for (int32_t n = 0; n < columns; n += PANEL_COLUMNS) {
    const int32_t width = min_of(PANEL_COLUMNS, columns - n);
    if ((b.kind & BY_COLUMNS) != 0)
      pack_columns(b, n0 + n, k0, depth, panel);
    else
      pack_rows(b, n0 + n, width, k0, depth, panel);
    for (int32_t m = 0; m < rows; m += TILE_ROWS) {
      const int16_t *tile = tiles + (ptrdiff_t)m * even;
      int32_t *to = c + m * stride + n;
      if (rows - m >= TILE_ROWS && width == PANEL_COLUMNS) {
        tile_pairs(tile, panel, even, fresh, to, stride);
      } else {
        tile_pairs_edge(tile, panel, even, fresh, to, stride, min_of(TILE_ROWS, rows - m), width);
      }
    }
  }
}

#if defined(EXACT_TILES)
/** `tile_pairs_edge` for bytes. */
static void tile_bytes_edge(const int8_t *left, const uint8_t *panel, int32_t depth,
                            const int32_t *initial, bool fresh, int32_t *c, ptrdiff_t stride,
                            int32_t rows, int32_t columns) {
  int32_t aside[TILE_ROWS * PANEL_COLUMNS] = {0};
  for (int32_t r = 0; !fresh && r < rows; r++) {
    memcpy(aside + r * PANEL_COLUMNS, c + r * stride, 4 * (size_t)columns);
  }
  tile_bytes_of(TILE_ROWS, left, panel, depth, initial, fresh, aside, PANEL_COLUMNS);
  for (int32_t r = 0; r < rows; r++) {
    memcpy(c + r * stride, aside + r * PANEL_COLUMNS, 4 * (size_t)columns);
  }
}

/** `pairs_block` for bytes: the right side has 128 more, which `initial` takes off. */
static void bytes_block(const int8_t *tiles, const int32_t *initial, int32_t rows, struct right b,
                        int32_t n0, int32_t columns, int32_t k0, int32_t depth, bool fresh,
                        int32_t *c, ptrdiff_t stride) {
  _Alignas(64) uint8_t panel[PAIRS_DEPTH * PANEL_COLUMNS];
  const int32_t whole = (depth + 3) & ~3;
  for (int32_t n = 0; n < columns; n += PANEL_COLUMNS) {
    const int32_t width = min_of(PANEL_COLUMNS, columns - n);
    if ((b.kind & BY_COLUMNS) != 0)
      pack_byte_columns(b, n0 + n, k0, depth, panel);
    else
      pack_byte_rows(b, n0 + n, width, k0, depth, panel);
    for (int32_t m = 0; m < rows; m += TILE_ROWS) {
      const int8_t *tile = tiles + (ptrdiff_t)m * whole;
      const int32_t height = min_of(TILE_ROWS, rows - m);
      int32_t *to = c + m * stride + n;
      if (height % 4 == 0 && width == PANEL_COLUMNS)
        tile_bytes_of(height, tile, panel, whole, initial + m, fresh, to, stride);
      else
        tile_bytes_edge(tile, panel, whole, initial + m, fresh, to, stride, height, width);
    }
  }
}
#endif

/** True if products of rows with an operand of one kind are products of bytes. */
static inline bool takes_bytes(bool wide, int32_t kind) {
#if defined(EXACT_TILES)
  return !wide && (kind & WIDE) == 0;
#else
  (void)wide, (void)kind;
  return false;
#endif
}

/** Up to BLOCK_ROWS rows of a left operand over up to PAIRS_DEPTH inputs, ready for products. */
struct left_block {
  int32_t rows, k, depth;
  /** They are bytes, of which `sums` has each row's times -128, and not pairs. */
  bool bytes;
  int32_t sums[BLOCK_ROWS + TILE_ROWS];
  _Alignas(64) int16_t tiles[BLOCK_ROWS * PAIRS_DEPTH];
};

/** Rows m0.. and inputs [k, k + depth) of `a` for products with operands of one kind. */
static void lay_block(struct rows a, int32_t m0, int32_t rows, int32_t k, int32_t depth,
                      int32_t kind, struct left_block *block) {
  block->rows = rows;
  block->k = k;
  block->depth = depth;
  block->bytes = takes_bytes(a.wide, kind);
#if defined(EXACT_TILES)
  if (block->bytes) {
    const int8_t *from = (const int8_t *)a.data + m0 * a.stride + k;
    pack_codes_left(from, a.stride, rows, depth, -BYTE_BIAS, (int8_t *)block->tiles, block->sums);
    return;
  }
#endif
  pack_pairs_left(a, m0, rows, k, depth, block->tiles);
}

/** Products of a block with `columns` columns of b from `n0` on, in (unless fresh, added to) c. */
static void multiply_block(const struct left_block *block, struct right b, int32_t n0,
                           int32_t columns, bool fresh, int32_t *c, ptrdiff_t stride) {
#if defined(EXACT_TILES)
  if (block->bytes) {
    bytes_block((const int8_t *)block->tiles, block->sums, block->rows, b, n0, columns, block->k,
                block->depth, fresh, c, stride);
    return;
  }
#endif
  pairs_block(block->tiles, block->rows, b, n0, columns, block->k, block->depth, fresh, c, stride);
}

/** c[m, n] = (or +=, unless fresh) sum over k < depth of a[m, k] * b(k, n), for any sizes. */
static void multiply_rows(struct rows a, int32_t rows, struct right b, int32_t columns,
                           int32_t depth, bool fresh, int32_t *c, ptrdiff_t stride) {
  struct left_block block;
  for (int32_t m = 0; m < rows; m += BLOCK_ROWS) {
    const int32_t height = min_of(BLOCK_ROWS, rows - m);
    for (int32_t k = 0; k < depth; k += PAIRS_DEPTH) {
      lay_block(a, m, height, k, min_of(PAIRS_DEPTH, depth - k), b.kind, &block);
      multiply_block(&block, b, 0, columns, fresh && k == 0, c + m * stride, stride);
    }
  }
}

#endif
