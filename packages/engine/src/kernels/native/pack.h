/**
 * Operands of products, laid out for the tiles: the left one as tiles of rows, the right one as
 * panels of 16 columns, both in steps of four bytes or of two i16.
 */
#ifndef R3MES_PACK_H
#define R3MES_PACK_H

#include "tiles.h"

/** How a right operand lies: B[depth, columns] with this bit, else B[columns, depth]. */
#define BY_COLUMNS 1
/** It is i16 with this bit, int8 without it. */
#define WIDE 2

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
#endif

#endif
