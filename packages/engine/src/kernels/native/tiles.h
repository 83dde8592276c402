/**
 * The inner products of matrix products, and which file gives them for this set of instructions.
 * Nothing here rounds, saturates or knows what the numbers mean.
 *
 * Both operands are laid out anew for the inner loops, which a file for each set of instructions
 * gives: the left one as tiles of TILE_ROWS rows, [depth / step][TILE_ROWS][step], the right one as
 * panels of 16 columns, [depth / step][16][step], with steps of four codes or of two i16. Those
 * files define TILE_ROWS (a multiple of 4), CODES_DEPTH (most inputs of one panel of codes) and
 * three functions.
 *
 * tile_codes(left, panel, depth, initial, c, stride): c[r, j] = initial[r], or c[r, j] where it is
 * NULL, plus the products with codes 0 to 2; all rows and columns of a tile, depth in steps of 4.
 *
 * tile_pairs(left, panel, depth, fresh, c, stride): c[r, j] = the products, added to c[r, j] unless
 * fresh; all rows and columns of a tile, depth in steps of 4.
 *
 * A file that defines EXACT_TILES gives tile_codes_of(rows, ..) and tile_pairs_of(rows, ..) as well,
 * which compute 4, 8 or all rows of a tile, and tile_bytes_of(rows, left, panel, depth, initial,
 * fresh, c, stride), which multiplies bytes of any value: c[r, j] = initial[r] plus the products
 * with the unsigned ones of the panel, added to c[r, j] unless fresh.
 *
 * row_codes(a, words, depth, initial, c): c[0..16) of one row from the packed words, added to
 * `initial`, which is its negative sum, since a code is a weight plus 1; depth in steps of 16.
 *
 * A file that defines FEW_ROWS gives rows_codes(rows, a, a_stride, words, depth, initial, c,
 * c_stride, columns, ahead) instead, the same of 1 to FEW_ROWS rows, each with its own `initial`, and
 * of `columns`, a multiple of 16, whose words follow each other.
 *
 * A file that defines FEW_BYTE_ROWS gives few_times_bytes(a, a_stride, rows, b, b_stride, initial, c,
 * c_stride, columns, depth): c[m, j] = initial[m] plus the sum over depth of a[m, k] * (b[j, k] + 128)
 * for up to FEW_BYTE_ROWS rows.
 */
#ifndef R3MES_TILES_H
#define R3MES_TILES_H

#include "integer.h"

#define PANEL_COLUMNS 16
/** Below this many rows a product reads its right side once instead of packing it. */
#define PACK_ROWS_MIN 4

/**
 * Runs of i16, each within a line of a cache and `stride` elements behind the last, that are read behind
 * a product: it waits for the multipliers and not for memory, so they are asked for meanwhile.
 */
struct ahead {
  const int16_t *rows;
  ptrdiff_t stride;
  int32_t count;
};

/** Asks for up to `most` of them from `from` on; returns the first one that it did not ask for. */
static inline int32_t ask_ahead(const struct ahead *ahead, int32_t from, int32_t most) {
  const int32_t to = min_of(ahead->count, from + most);
  for (int32_t i = from; i < to; i++) {
    __builtin_prefetch(ahead->rows + i * ahead->stride, 0, 2);
  }
  return to;
}

#if defined(__AVX512VNNI__) && defined(__AVX512BW__)
#include "tilesAvx512.h"
#elif defined(__AVX2__)
#include "tilesAvx2.h"
#elif defined(__ARM_FEATURE_DOTPROD)
#include "tilesNeon.h"
#else
#include "tilesScalar.h"
#endif

_Static_assert(TILE_ROWS % 4 == 0, "rows are laid out four at a time");

#endif
