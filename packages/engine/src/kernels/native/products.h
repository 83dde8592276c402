/**
 * Matrix products: ternary ones on the P16 layout, forward, transposed and of one row, and those of
 * int8 and int16 operands. Nothing here rounds, saturates or knows what the numbers mean.
 *
 * P16 holds W[outputs, inputs] as u32 words P[outputs / 16][inputs / 16][16]: the word of output n
 * and input block t has the 16 codes w(n, 16 t + 4 f + b) + 1 at byte b, bits 2 f and 2 f + 1.
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
#ifndef R3MES_PRODUCTS_H
#define R3MES_PRODUCTS_H

#include "integer.h"
#include "rankAvx512.h"

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

/** Steps of one panel of pairs: 16 KiB. */
#define PAIRS_DEPTH 512
/** Most rows that one call lays out at once, a multiple of every TILE_ROWS; those of i16 take 192 KiB. */
#define BLOCK_ROWS 192
/** Most rows of a ternary product, likewise: their strips of 128 columns fit the room for a row. */
#define CODES_ROWS 240
/** Inputs of an int8 row that are widened at once. */
#define WIDE_DEPTH 1024
/** Up to so many columns of an i16 matrix are not packed either. */
#define NARROW_COLUMNS 32

/**
 * How the right operand of `pairs` lies: B[depth, columns] with this bit, else B[columns, depth].
 */
#define BY_COLUMNS 1
/** It is i16 with this bit, int8 without it. */
#define WIDE 2

#if !defined(FEW_ROWS)
/** Most rows of a ternary product that are read as they lie, beside packed words. */
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

typedef uint8_t bytes16 __attribute__((vector_size(16)));
typedef uint32_t words4 __attribute__((vector_size(16)));
typedef int8_t chars8 __attribute__((vector_size(8)));
typedef int8_t chars16 __attribute__((vector_size(16)));
typedef int16_t shorts8 __attribute__((vector_size(16)));
typedef int16_t shorts16 __attribute__((vector_size(32)));
typedef int32_t ints4 __attribute__((vector_size(16)));
typedef int64_t longs2 __attribute__((vector_size(16)));

/** Four vectors of four words, turned: vector i of the result has word i of each. */
static inline void turn_words(const ints4 *r, longs2 *turned) {
  const longs2 a = (longs2)__builtin_shufflevector(r[0], r[1], 0, 4, 1, 5);
  const longs2 b = (longs2)__builtin_shufflevector(r[2], r[3], 0, 4, 1, 5);
  const longs2 c = (longs2)__builtin_shufflevector(r[0], r[1], 2, 6, 3, 7);
  const longs2 d = (longs2)__builtin_shufflevector(r[2], r[3], 2, 6, 3, 7);
  turned[0] = __builtin_shufflevector(a, b, 0, 2);
  turned[1] = __builtin_shufflevector(a, b, 1, 3);
  turned[2] = __builtin_shufflevector(c, d, 0, 2);
  turned[3] = __builtin_shufflevector(c, d, 1, 3);
}

/**
 * Four rows of int8 side by side, four bytes of each in turn, `step` bytes from one turn to the
 * next; each bit of `flip` is turned over. What is missing of the last turn is 0 before that.
 */
static inline void pack_four_byte_rows(const int8_t *const *rows, int32_t depth, uint8_t flip,
                                       uint8_t *to, ptrdiff_t step) {
  const uint32_t word = flip * 0x01010101u;
  const ints4 flips = {(int32_t)word, (int32_t)word, (int32_t)word, (int32_t)word};
  int32_t k = 0;
  for (; k + 16 <= depth; k += 16) {
    ints4 r[4];
    longs2 turned[4];
    for (int32_t j = 0; j < 4; j++) memcpy(r + j, rows[j] + k, 16);
    for (int32_t j = 0; j < 4; j++) r[j] ^= flips;
    turn_words(r, turned);
    for (int32_t i = 0; i < 4; i++, to += step) memcpy(to, turned + i, 16);
  }
  for (; k < depth; k += 4, to += step) {
    for (int32_t j = 0; j < 4; j++) {
      uint32_t four = 0;
      memcpy(&four, rows[j] + k, (size_t)min_of(4, depth - k));
      four ^= word;
      memcpy(to + 4 * j, &four, 4);
    }
  }
}

/** Bytes whose sum 16 bits hold, -128 * 256 at the least: so a vector adds twice as many at once. */
#define SHORT_SUM 256

static inline int32_t sum_of_bytes(const int8_t *x, int32_t count) {
  int32_t sum = 0;
  for (int32_t k = 0; k < count; k += SHORT_SUM) {
    const int32_t end = min_of(count, k + SHORT_SUM);
    int16_t part = 0;
    for (int32_t i = k; i < end; i++) part = (int16_t)(part + x[i]);
    sum += part;
  }
  return sum;
}

/**
 * Rows of int8 as tiles of four inputs each, of which the last may lack some, and their sums times
 * `by`. Rows that the last tile lacks are its last one again.
 */
static void pack_codes_left(const int8_t *a, ptrdiff_t stride, int32_t rows, int32_t depth,
                            int32_t by, int8_t *tiles, int32_t *sums) {
  const ptrdiff_t tile_bytes = (ptrdiff_t)TILE_ROWS * ((depth + 3) & ~3);
  const int32_t padded = (rows + TILE_ROWS - 1) / TILE_ROWS * TILE_ROWS;
  for (int32_t m = 0; m < padded; m += 4) {
    uint8_t *to = (uint8_t *)tiles + m / TILE_ROWS * tile_bytes + 4 * (m % TILE_ROWS);
    const int8_t *four[4];
    for (int32_t r = 0; r < 4; r++) {
      four[r] = a + min_of(m + r, rows - 1) * stride;
      sums[m + r] = by * sum_of_bytes(four[r], depth);
    }
    pack_four_byte_rows(four, depth, 0, to, 4 * TILE_ROWS);
  }
}

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

/** A left operand: rows of int8 or, `wide`, of i16. */
struct rows {
  const void *data;
  ptrdiff_t stride;
  bool wide;
};

/** A right operand, as the bits of `kind` say; `stride` in elements between its rows. */
struct right {
  const void *data;
  ptrdiff_t stride;
  int32_t kind;
};

static inline int32_t element(const void *data, ptrdiff_t index, bool wide) {
  return wide ? ((const int16_t *)data)[index] : ((const int8_t *)data)[index];
}

static inline shorts8 load_eight(const void *data, ptrdiff_t index, bool wide) {
  shorts8 result;
  if (wide) {
    memcpy(&result, (const int16_t *)data + index, 16);
    return result;
  }
  chars8 narrow;
  memcpy(&narrow, (const int8_t *)data + index, 8);
  return __builtin_convertvector(narrow, shorts8);
}

/**
 * 16 elements of each of four int8 rows as steps of pairs: as pairs of bytes they are turned, and
 * widened at the end, two steps at once.
 */
static inline void pack_byte_pairs(const int8_t *data, const ptrdiff_t *at, int16_t *to,
                                   ptrdiff_t step) {
  shorts8 r[4];
  for (int32_t j = 0; j < 4; j++) memcpy(r + j, data + at[j], 16);
  const ints4 a = (ints4)__builtin_shufflevector(r[0], r[1], 0, 8, 1, 9, 2, 10, 3, 11);
  const ints4 b = (ints4)__builtin_shufflevector(r[2], r[3], 0, 8, 1, 9, 2, 10, 3, 11);
  const ints4 c = (ints4)__builtin_shufflevector(r[0], r[1], 4, 12, 5, 13, 6, 14, 7, 15);
  const ints4 d = (ints4)__builtin_shufflevector(r[2], r[3], 4, 12, 5, 13, 6, 14, 7, 15);
  const ints4 turned[4] = {
      __builtin_shufflevector(a, b, 0, 4, 1, 5),
      __builtin_shufflevector(a, b, 2, 6, 3, 7),
      __builtin_shufflevector(c, d, 0, 4, 1, 5),
      __builtin_shufflevector(c, d, 2, 6, 3, 7),
  };
  for (int32_t i = 0; i < 4; i++, to += 2 * step) {
    const shorts16 wide = __builtin_convertvector((chars16)turned[i], shorts16);
    memcpy(to, &wide, 16);
    memcpy(to + step, (const char *)&wide + 16, 16);
  }
}

/**
 * Four rows side by side, two elements of each in turn, `step` elements from one turn to the next.
 * What is missing of the last turn is 0.
 */
static inline void pack_four_rows(const void *data, const ptrdiff_t *at, int32_t depth, bool wide,
                                  int16_t *to, ptrdiff_t step) {
  int32_t k = 0;
  for (; !wide && k + 16 <= depth; k += 16, to += 8 * step) {
    pack_byte_pairs((const int8_t *)data + k, at, to, step);
  }
  for (; k + 8 <= depth; k += 8) {
    ints4 r[4];
    longs2 turned[4];
    for (int32_t j = 0; j < 4; j++) r[j] = (ints4)load_eight(data, at[j] + k, wide);
    turn_words(r, turned);
    for (int32_t i = 0; i < 4; i++, to += step) memcpy(to, turned + i, 16);
  }
  for (; k < depth; k += 2, to += step) {
    for (int32_t j = 0; j < 4; j++) {
      to[2 * j] = (int16_t)element(data, at[j] + k, wide);
      to[2 * j + 1] = k + 1 < depth ? (int16_t)element(data, at[j] + k + 1, wide) : 0;
    }
  }
}

/** The same of rows from `first` on, of which `last` is the last, and inputs [k0, k0 + depth). */
static void pack_rows_from(struct rows x, int32_t first, int32_t last, int32_t k0, int32_t depth,
                           int16_t *to, ptrdiff_t step) {
  ptrdiff_t at[4];
  for (int32_t j = 0; j < 4; j++) at[j] = min_of(first + j, last) * x.stride + k0;
  /* Each of the two widths has a loop of its own. */
  if (x.wide)
    pack_four_rows(x.data, at, depth, true, to, step);
  else
    pack_four_rows(x.data, at, depth, false, to, step);
}

/**
 * Rows m0.. and inputs [k0, k0 + depth) as tiles of pairs, and zeros to a multiple of 4 inputs. Rows
 * that the last tile lacks are its last one again.
 */
static void pack_pairs_left(struct rows a, int32_t m0, int32_t rows, int32_t k0, int32_t depth,
                            int16_t *tiles) {
  const int32_t even = (depth + 3) & ~3;
  const int32_t padded = (rows + TILE_ROWS - 1) / TILE_ROWS * TILE_ROWS;
  for (int32_t m = 0; m < padded; m += 4) {
    int16_t *to = tiles + (ptrdiff_t)(m / TILE_ROWS) * TILE_ROWS * even + 2 * (m % TILE_ROWS);
    pack_rows_from(a, m0 + m, m0 + rows - 1, k0, depth, to, 2 * TILE_ROWS);
    if (even - depth >= 2) memset(to + (even - 2) * TILE_ROWS, 0, 16);
  }
}

/** Panel whose columns are rows n.. of B; rows past `columns` repeat the last one. */
static void pack_rows(struct right b, int32_t n, int32_t columns, int32_t k0, int32_t depth,
                      int16_t *panel) {
  const struct rows x = {b.data, b.stride, (b.kind & WIDE) != 0};
  for (int32_t q = 0; q < PANEL_COLUMNS; q += 4) {
    pack_rows_from(x, n + q, n + columns - 1, k0, depth, panel + 2 * q, 2 * PANEL_COLUMNS);
  }
}

/** `pack_columns` of int8: two rows are paired as bytes, and then widened. */
static void pack_narrow_columns(const int8_t *from, ptrdiff_t stride, int32_t depth,
                                int16_t *panel) {
  for (int32_t k = 0; k < depth; k += 2, from += 2 * stride, panel += 2 * PANEL_COLUMNS) {
    chars16 even;
    chars16 odd = {0};
    memcpy(&even, from, 16);
    if (k + 1 < depth) memcpy(&odd, from + stride, 16);
    const shorts16 low = __builtin_convertvector(
        __builtin_shufflevector(even, odd, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23),
        shorts16);
    const shorts16 high = __builtin_convertvector(
        __builtin_shufflevector(even, odd, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15,
                                31),
        shorts16);
    memcpy(panel, &low, 32);
    memcpy(panel + 16, &high, 32);
  }
}

/** `pack_columns` of i16. */
static void pack_wide_columns(const int16_t *from, ptrdiff_t stride, int32_t depth,
                              int16_t *panel) {
  for (int32_t k = 0; k < depth; k += 2, from += 2 * stride, panel += 2 * PANEL_COLUMNS) {
    for (int32_t half = 0; half < PANEL_COLUMNS; half += 8) {
      shorts8 even;
      shorts8 odd = {0};
      memcpy(&even, from + half, 16);
      if (k + 1 < depth) memcpy(&odd, from + stride + half, 16);
      const shorts8 low = __builtin_shufflevector(even, odd, 0, 8, 1, 9, 2, 10, 3, 11);
      const shorts8 high = __builtin_shufflevector(even, odd, 4, 12, 5, 13, 6, 14, 7, 15);
      memcpy(panel + 2 * half, &low, 16);
      memcpy(panel + 2 * half + 8, &high, 16);
    }
  }
}

/**
 * Panel whose columns are columns n.. of B, step k being row k. Columns past the matrix hold
 * whatever follows in memory (at most 32 bytes further); their sums are never stored.
 */
static void pack_columns(struct right b, int32_t n, int32_t k0, int32_t depth, int16_t *panel) {
  const ptrdiff_t at = k0 * b.stride + n;
  if ((b.kind & WIDE) != 0)
    pack_wide_columns((const int16_t *)b.data + at, b.stride, depth, panel);
  else
    pack_narrow_columns((const int8_t *)b.data + at, b.stride, depth, panel);
}

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
/** What makes an int8 an unsigned byte, 128 more: its highest bit turned over. */
#define BYTE_BIAS 128

/** `pack_rows` for bytes of int8. */
static void pack_byte_rows(struct right b, int32_t n, int32_t columns, int32_t k0, int32_t depth,
                           uint8_t *panel) {
  for (int32_t q = 0; q < PANEL_COLUMNS; q += 4) {
    const int8_t *four[4];
    for (int32_t j = 0; j < 4; j++) {
      four[j] = (const int8_t *)b.data + (n + min_of(q + j, columns - 1)) * b.stride + k0;
    }
    pack_four_byte_rows(four, depth, BYTE_BIAS, panel + 4 * q, 4 * PANEL_COLUMNS);
  }
}

/** `pack_columns` for bytes of int8; columns past the matrix as there, at most 16 bytes further. */
static void pack_byte_columns(struct right b, int32_t n, int32_t k0, int32_t depth,
                              uint8_t *panel) {
  const int8_t *from = (const int8_t *)b.data + (ptrdiff_t)k0 * b.stride + n;
  for (int32_t k = 0; k < depth; k += 4, panel += 4 * PANEL_COLUMNS) {
    bytes16 r[4] = {{0}, {0}, {0}, {0}};
    for (int32_t i = 0; i < min_of(4, depth - k); i++) {
      memcpy(r + i, from + (k + i) * b.stride, 16);
      r[i] ^= BYTE_BIAS;
    }
    const shorts8 a = (shorts8)__builtin_shufflevector(r[0], r[1], 0, 16, 1, 17, 2, 18, 3, 19, 4,
                                                       20, 5, 21, 6, 22, 7, 23);
    const shorts8 c = (shorts8)__builtin_shufflevector(r[0], r[1], 8, 24, 9, 25, 10, 26, 11, 27,
                                                       12, 28, 13, 29, 14, 30, 15, 31);
    const shorts8 d = (shorts8)__builtin_shufflevector(r[2], r[3], 0, 16, 1, 17, 2, 18, 3, 19, 4,
                                                       20, 5, 21, 6, 22, 7, 23);
    const shorts8 e = (shorts8)__builtin_shufflevector(r[2], r[3], 8, 24, 9, 25, 10, 26, 11, 27,
                                                       12, 28, 13, 29, 14, 30, 15, 31);
    const shorts8 turned[4] = {
        __builtin_shufflevector(a, d, 0, 8, 1, 9, 2, 10, 3, 11),
        __builtin_shufflevector(a, d, 4, 12, 5, 13, 6, 14, 7, 15),
        __builtin_shufflevector(c, e, 0, 8, 1, 9, 2, 10, 3, 11),
        __builtin_shufflevector(c, e, 4, 12, 5, 13, 6, 14, 7, 15),
    };
    memcpy(panel, turned, 64);
  }
}

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

/** Sum of products of two int8 runs. */
static inline int32_t dot_run(const int8_t *a, const int8_t *b, int32_t count) {
  int32_t sum = 0;
  for (int32_t k = 0; k < count; k++) sum += a[k] * b[k];
  return sum;
}

/** Products of one i16 row with four; compilers make pairs of such sums. */
static void dot_four(const int16_t *a, const int16_t *const *b, int32_t depth, int32_t *sums) {
  const int16_t *b0 = b[0], *b1 = b[1], *b2 = b[2], *b3 = b[3];
  int32_t s0 = 0, s1 = 0, s2 = 0, s3 = 0;
  for (int32_t k = 0; k < depth; k++) {
    s0 += a[k] * b0[k];
    s1 += a[k] * b1[k];
    s2 += a[k] * b2[k];
    s3 += a[k] * b3[k];
  }
  sums[0] = s0, sums[1] = s1, sums[2] = s2, sums[3] = s3;
}

/** Products of two i16 rows with four: each value that is loaded serves several. */
static void dot_eight(const int16_t *a0, const int16_t *a1, const int16_t *const *b, int32_t depth,
                      int32_t *sums) {
  const int16_t *b0 = b[0], *b1 = b[1], *b2 = b[2], *b3 = b[3];
  int32_t s0 = 0, s1 = 0, s2 = 0, s3 = 0, s4 = 0, s5 = 0, s6 = 0, s7 = 0;
  for (int32_t k = 0; k < depth; k++) {
    s0 += a0[k] * b0[k];
    s1 += a0[k] * b1[k];
    s2 += a0[k] * b2[k];
    s3 += a0[k] * b3[k];
    s4 += a1[k] * b0[k];
    s5 += a1[k] * b1[k];
    s6 += a1[k] * b2[k];
    s7 += a1[k] * b3[k];
  }
  sums[0] = s0, sums[1] = s1, sums[2] = s2, sums[3] = s3;
  sums[4] = s4, sums[5] = s5, sums[6] = s6, sums[7] = s7;
}

static void widen_row(const int8_t *from, int32_t depth, int16_t *to) {
  for (int32_t k = 0; k < depth; k++) to[k] = from[k];
}

/** Operands of products of int8 rows with the rows of an i16 matrix; strides in elements. */
struct wide_product {
  const int8_t *a;
  ptrdiff_t a_stride;
  const int16_t *b;
  ptrdiff_t b_stride;
  int32_t *c;
  ptrdiff_t c_stride;
};

/** One or two rows of `rows_times_wide_rows` over inputs [k, k + depth), `fresh` or added. */
static void pair_times_wide_rows(const struct wide_product *p, int32_t m, int32_t height,
                                 int32_t columns, int32_t k, int32_t depth, bool fresh) {
  _Alignas(64) int16_t left[2][WIDE_DEPTH];
  for (int32_t r = 0; r < height; r++) {
    widen_row(p->a + (m + r) * p->a_stride + k, depth, left[r]);
  }
  for (int32_t j = 0; j < columns; j += 4) {
    const int16_t *four[4];
    int32_t sums[8];
    for (int32_t q = 0; q < 4; q++) four[q] = p->b + min_of(j + q, columns - 1) * p->b_stride + k;
    if (height == 2)
      dot_eight(left[0], left[1], four, depth, sums);
    else
      dot_four(left[0], four, depth, sums);
    for (int32_t r = 0; r < height; r++) {
      int32_t *to = p->c + (m + r) * p->c_stride + j;
      for (int32_t q = 0; q < min_of(4, columns - j); q++) {
        to[q] = (fresh ? 0 : to[q]) + sums[4 * r + q];
      }
    }
  }
}

/**
 * c[m, j] = sum over `depth` of a[m, k] * b[j, k], both as they lie: for one row, and for matrices
 * of so few columns that laying them out costs more than it gains.
 */
static void rows_times_wide_rows(const struct wide_product *p, int32_t rows, int32_t columns,
                                 int32_t depth) {
#if defined(QUICK_RANK)
  if (columns % FACTOR_ROWS == 0 && depth % FACTOR_STEP == 0) {
    for (int32_t j = 0; j < columns; j += FACTOR_ROWS) {
      rows_times_eight(p->a, p->a_stride, rows, p->b + j * p->b_stride, p->b_stride, depth,
                       p->c + j, p->c_stride);
    }
    return;
  }
#endif
  for (int32_t m = 0; m < rows; m += 2) {
    for (int32_t k = 0; k < depth; k += WIDE_DEPTH) {
      const int32_t steps = min_of(WIDE_DEPTH, depth - k);
      pair_times_wide_rows(p, m, min_of(2, rows - m), columns, k, steps, k == 0);
    }
  }
}

/** Rows of int8, with the elements from one to the next. */
struct narrow_rows {
  const int8_t *data;
  ptrdiff_t stride;
};

#if !defined(FEW_BYTE_ROWS)
/** Most rows of int8 that are multiplied with others as they lie. */
#define FEW_BYTE_ROWS (PACK_ROWS_MIN - 1)

/** One or more rows of `few_times_rows` over inputs [k, k + depth), `fresh` or added. */
static void few_times_run(struct narrow_rows a, int32_t rows, struct narrow_rows b, int32_t k,
                          int32_t depth, bool fresh, int32_t *c, ptrdiff_t c_stride,
                          int32_t columns) {
  _Alignas(64) int16_t left[PACK_ROWS_MIN][WIDE_DEPTH];
  _Alignas(64) int16_t right[4][WIDE_DEPTH];
  const int16_t *const four[4] = {right[0], right[1], right[2], right[3]};
  for (int32_t m = 0; m < rows; m++) widen_row(a.data + m * a.stride + k, depth, left[m]);
  for (int32_t j = 0; j < columns; j += 4) {
    const int32_t count = min_of(4, columns - j);
    for (int32_t q = 0; q < 4; q++) {
      widen_row(b.data + (j + min_of(q, count - 1)) * b.stride + k, depth, right[q]);
    }
    for (int32_t m = 0; m < rows; m++) {
      int32_t sums[4];
      int32_t *to = c + m * c_stride + j;
      dot_four(left[m], four, depth, sums);
      for (int32_t q = 0; q < count; q++) to[q] = (fresh ? 0 : to[q]) + sums[q];
    }
  }
}
#endif

/**
 * c[m, j] = sum over `depth` of a[m, k] * b[j, k]: up to FEW_BYTE_ROWS int8 rows against the int8 rows
 * of b as they lie. This is the product of decoding, which reads each row of b once.
 */
static void few_times_rows(struct narrow_rows a, int32_t rows, struct narrow_rows b, int32_t *c,
                           ptrdiff_t c_stride, int32_t columns, int32_t depth) {
#if defined(BYTE_GROUP)
  int32_t initial[FEW_BYTE_ROWS];
  for (int32_t m = 0; m < rows; m++) {
    initial[m] = -128 * sum_of_bytes(a.data + m * a.stride, depth);
  }
  few_times_bytes(a.data, a.stride, rows, b.data, b.stride, initial, c, c_stride, columns, depth);
#else
  for (int32_t k = 0; k < depth; k += WIDE_DEPTH) {
    const int32_t steps = min_of(WIDE_DEPTH, depth - k);
    few_times_run(a, rows, b, k, steps, k == 0, c, c_stride, columns);
  }
#endif
}

#if defined(__AVX512BW__)
/** The first `columns` of 32 i16, and nothing of what follows them in memory. */
static inline __m512i load_columns(const int16_t *from, int32_t columns) {
  return _mm512_maskz_loadu_epi16(columns < 32 ? 0xffffu : 0xffffffffu, from);
}

/**
 * Columns [0, columns), 16 or 32, of one i16 row times a matrix. Rows side by side make pairs of
 * columns 0 to 3, 8 to 11 and so on, and of the others: they are put in order at the end.
 */
static inline void row_times_lanes(const int16_t *a, const int16_t *b, ptrdiff_t stride,
                                   int32_t depth, int32_t columns, int32_t *c) {
  __m512i low = _mm512_setzero_si512();
  __m512i high = low;
  for (int32_t j = 0; j < depth; j += 2, b += 2 * stride) {
    const bool whole = j + 1 < depth;
    const __m512i x = load_columns(b, columns);
    const __m512i y = whole ? load_columns(b + stride, columns) : _mm512_setzero_si512();
    const __m512i by = _mm512_set1_epi32((uint16_t)a[j] | (whole ? a[j + 1] : 0) * 65536);
    low = _mm512_dpwssd_epi32(low, _mm512_unpacklo_epi16(x, y), by);
    high = _mm512_dpwssd_epi32(high, _mm512_unpackhi_epi16(x, y), by);
  }
  const __m512i first = _mm512_setr_epi32(0, 1, 2, 3, 16, 17, 18, 19, 4, 5, 6, 7, 20, 21, 22, 23);
  const __m512i second =
      _mm512_setr_epi32(8, 9, 10, 11, 24, 25, 26, 27, 12, 13, 14, 15, 28, 29, 30, 31);
  _mm512_storeu_si512(c, _mm512_permutex2var_epi32(low, first, high));
  if (columns > 16) _mm512_storeu_si512(c + 16, _mm512_permutex2var_epi32(low, second, high));
}
#elif defined(__AVX2__)
/**
 * c += the products of two elements with two rows of i16, in steps of 16 columns. Rows side by side
 * make pairs of columns 0 to 3 and 8 to 11, and of the others: c has them in that order meanwhile.
 */
static void add_pair(const int16_t *a, const int16_t *even, const int16_t *odd, int32_t columns,
                     int32_t *c) {
  const __m256i by = _mm256_set1_epi32((uint16_t)a[0] | a[1] * 65536);
  for (int32_t n = 0; n < columns; n += 16) {
    const __m256i x = _mm256_loadu_si256((const __m256i *)(even + n));
    const __m256i y = _mm256_loadu_si256((const __m256i *)(odd + n));
    const __m256i low = _mm256_madd_epi16(_mm256_unpacklo_epi16(x, y), by);
    const __m256i high = _mm256_madd_epi16(_mm256_unpackhi_epi16(x, y), by);
    __m256i *to = (__m256i *)(c + n);
    _mm256_storeu_si256(to, _mm256_add_epi32(_mm256_loadu_si256(to), low));
    _mm256_storeu_si256(to + 1, _mm256_add_epi32(_mm256_loadu_si256(to + 1), high));
  }
}

static void order_pairs(int32_t *c, int32_t columns) {
  for (int32_t n = 0; n < columns; n += 16) {
    __m256i *at = (__m256i *)(c + n);
    const __m256i low = _mm256_loadu_si256(at);
    const __m256i high = _mm256_loadu_si256(at + 1);
    _mm256_storeu_si256(at, _mm256_permute2x128_si256(low, high, 0x20));
    _mm256_storeu_si256(at + 1, _mm256_permute2x128_si256(low, high, 0x31));
  }
}
#endif

/**
 * c[n] = sum over j < `depth` of a[j] * b[j, n]: one i16 row against the columns of an i16 matrix
 * as it lies, `stride` elements from row to row. It waits for memory, so each row is read in one
 * go.
 */
static void row_times_columns(const int16_t *a, const int16_t *b, ptrdiff_t stride, int32_t depth,
                              int32_t columns, int32_t *c) {
  int32_t j = 0;
#if defined(__AVX512BW__)
  for (int32_t n = 0; columns % 16 == 0 && n < columns; n += 32) {
    row_times_lanes(a, b + n, stride, depth, min_of(32, columns - n), c + n);
  }
  if (columns % 16 == 0) return;
#endif
  memset(c, 0, 4 * (size_t)columns);
#if defined(__AVX2__) && !defined(__AVX512BW__)
  if (columns % 16 == 0) {
    for (; j + 2 <= depth; j += 2) {
      const int16_t *even = b + j * stride;
      add_pair(a + j, even, even + stride, columns, c);
    }
    order_pairs(c, columns);
  }
#endif
  for (; j < depth; j++) {
    const int16_t *row = b + j * stride;
    for (int32_t n = 0; n < columns; n++) c[n] += a[j] * row[n];
  }
}

#endif
