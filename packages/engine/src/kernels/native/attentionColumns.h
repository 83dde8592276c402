/**
 * Columns of a head's matrix of P (i16) or D (i32), whose rows have exponents of their own: their magnitudes, and their values in
 * 8 bits, transposed.
 */
#ifndef R3MES_ATTENTION_COLUMNS_H
#define R3MES_ATTENTION_COLUMNS_H

#include "attentionBlocks.h"
#include "narrow.h"

/** Rows of a head's matrix of P or D from one key on: i16 or i32, with their exponents. */
struct columns {
  const void *data;
  bool half;
  ptrdiff_t stride;
  const int32_t *exponents;
  int32_t count;
};

static inline int32_t cell(const struct columns *x, ptrdiff_t i, int32_t column) {
  const ptrdiff_t at = i * x->stride + column;
  return x->half ? ((const int16_t *)x->data)[at] : ((const int32_t *)x->data)[at];
}

/** `width` values of one row, and zeros behind them. */
static inline void load_cells(const struct columns *x, int32_t i, int32_t width, int32_t *row) {
  const ptrdiff_t at = i * x->stride;
  const int16_t *halves = (const int16_t *)x->data + at;
  const int32_t *words = (const int32_t *)x->data + at;
  if (width == BLOCK) {
    for (int32_t c = 0; x->half && c < BLOCK; c++) row[c] = halves[c];
    for (int32_t c = 0; !x->half && c < BLOCK; c++) row[c] = words[c];
    return;
  }
  for (int32_t c = 0; c < BLOCK; c++) row[c] = c >= width ? 0 : x->half ? halves[c] : words[c];
}

/** Magnitude of one column, value by value. */
static int32_t column_magnitude(const struct columns *x, int32_t column) {
  int32_t best = NO_MAGNITUDE;
  for (int32_t i = 0; i < x->count; i++) {
    const int32_t value = cell(x, i, column);
    if (value != 0) best = max_of(best, bit_length(magnitude_of(value)) - x->exponents[i]);
  }
  return best;
}

/**
 * Magnitudes of `width` columns over the rows of one member of a group, as `row_magnitude` finds them;
 * `best` is raised.
 */
static void column_magnitudes(const struct columns *x, int32_t width, int32_t *best) {
  uint32_t bits[BLOCK] = {0};
  int32_t low = INT32_MAX;
  for (int32_t i = 0; i < x->count; i++) low = min_of(low, x->exponents[i]);
  for (int32_t i = 0; i < x->count; i++) {
    const int32_t places = min_of(x->exponents[i] - low, 31);
    int32_t row[BLOCK];
    load_cells(x, i, width, row);
    for (int32_t c = 0; c < BLOCK; c++) bits[c] |= magnitude_of(row[c]) >> places;
  }
  for (int32_t c = 0; c < width; c++) {
    const int32_t m = bits[c] == 0 ? column_magnitude(x, c) : bit_length(bits[c]) - low;
    best[c] = max_of(best[c], m);
  }
}

/** Past every exponent, so that a column without a magnitude becomes zeros. */
#define SHIFT_FAR (1 << 20)

/** Columns in 8 bits at the magnitudes `best`, transposed: left[column][i], four rows at a time. */
static void column_bytes(const struct columns *x, int32_t width, const int32_t *best, int8_t *left,
                         ptrdiff_t stride) {
  int32_t shifts[BLOCK];
  for (int32_t c = 0; c < BLOCK; c++) {
    shifts[c] = c >= width || best[c] == NO_MAGNITUDE ? SHIFT_FAR : best[c] - (HEAD_BITS - 1);
  }
  for (int32_t i = 0; i < x->count; i += 4) {
    const int32_t rows = min_of(4, x->count - i);
    uint32_t four[BLOCK] = {0};
    for (int32_t r = 0; r < rows; r++) {
      int32_t row[BLOCK];
      load_cells(x, i + r, width, row);
      narrow_run(row, shifts, x->exponents[i + r], BLOCK, 127, row);
      for (int32_t c = 0; c < BLOCK; c++) four[c] |= (uint32_t)(uint8_t)row[c] << (8 * r);
    }
    for (int32_t c = 0; rows == 4 && c < width; c++) memcpy(left + c * stride + i, four + c, 4);
    for (int32_t c = 0; rows < 4 && c < width; c++) {
      memcpy(left + c * stride + i, four + c, (size_t)rows);
    }
  }
}

#endif
