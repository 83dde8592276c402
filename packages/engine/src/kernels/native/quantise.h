/**
 * AQ over rows and blocks: magnitudes, mantissas, exact reductions. Kinds of ops/quantise,
 * ops/reduce, ops/group.
 */
#ifndef R3MES_QUANTISE_H
#define R3MES_QUANTISE_H

#include "integer.h"

/** Element formats as the host numbers them; the order is that of `DTYPES` in backends/wasm. */
#define DTYPE_I8 0
#define DTYPE_I16 1
#define DTYPE_I32 2

/** One element of a tensor of any format. */
static inline int64_t load_element(const void *base, ptrdiff_t index, int32_t dtype) {
  if (dtype == DTYPE_I32) return ((const int32_t *)base)[index];
  if (dtype == DTYPE_I16) return ((const int16_t *)base)[index];
  if (dtype == DTYPE_I8) return ((const int8_t *)base)[index];
  return ((const int64_t *)base)[index];
}

static inline void store_element(void *base, ptrdiff_t index, int32_t dtype, int64_t value) {
  if (dtype == DTYPE_I32)
    ((int32_t *)base)[index] = (int32_t)value;
  else if (dtype == DTYPE_I16)
    ((int16_t *)base)[index] = (int16_t)value;
  else if (dtype == DTYPE_I8)
    ((int8_t *)base)[index] = (int8_t)value;
  else
    ((int64_t *)base)[index] = value;
}

/**
 * The union of the magnitudes' bits of i32 x[0..count): it has the bit length of the largest one.
 */
static uint32_t magnitude_bits(const int32_t *x, int32_t count) {
  uint32_t bits = 0;
  for (int32_t i = 0; i < count; i++) bits |= magnitude_of(x[i]);
  return bits;
}

static uint32_t magnitude_bits_positive(const int32_t *x, int32_t count) {
  uint32_t bits = 0;
  for (int32_t i = 0; i < count; i++) bits |= (uint32_t)max_of(x[i], 0);
  return bits;
}

/** Magnitude of one row of a block, before its exponent: a bit length, 0 for a row of zeros. */
static int32_t row_bits(const void *x, ptrdiff_t index, int32_t count, int32_t dtype,
                        bool positive) {
  if (dtype == DTYPE_I32) {
    const int32_t *row = (const int32_t *)x + index;
    return bit_length(positive ? magnitude_bits_positive(row, count) : magnitude_bits(row, count));
  }
  uint64_t bits = 0;
  for (int32_t i = 0; i < count; i++) {
    const int64_t value = load_element(x, index + i, dtype);
    if (!positive || value > 0) bits |= magnitude_wide(value);
  }
  return bit_length_wide(bits);
}

/** Kind `magnitude`: i16. Parts are blocks, row by row. Exponents i16 [rows] or one for all. */
static void magnitude_blocks(const struct call *call) {
  const void *x = address(call, 0);
  const int32_t dtype = call->args[1];
  const int32_t rows = call->args[2];
  const int32_t columns = call->args[3];
  const int16_t *exponents = optional(call, 4);
  const int32_t exponent = call->args[5];
  const int32_t chunk_rows = call->args[6];
  const int32_t chunk_columns = call->args[7];
  const bool positive = call->args[8] != 0;
  int16_t *out = address(call, 9);
  const int32_t per_row = (columns + chunk_columns - 1) / chunk_columns;
  for (int32_t block = call->from; block < call->to; block++) {
    const int32_t row0 = block / per_row * chunk_rows;
    const int32_t column0 = block % per_row * chunk_columns;
    const int32_t count = min_of(chunk_columns, columns - column0);
    int32_t best = NO_MAGNITUDE;
    for (int32_t i = row0; i < min_of(row0 + chunk_rows, rows); i++) {
      const int32_t bits = row_bits(x, (ptrdiff_t)i * columns + column0, count, dtype, positive);
      if (bits == 0) continue;
      best = max_of(best, bits - (exponents == NULL ? exponent : exponents[i]));
    }
    out[block] = (int16_t)best;
  }
}

/** Mantissas of one i32 row in at most 8 bits. */
static void quantise_bytes(const int32_t *x, int32_t count, int32_t shift, int32_t bits,
                           int8_t *out) {
  const int32_t limit = (1 << (bits - 1)) - 1;
  for (int32_t i = 0; i < count; i++) out[i] = (int8_t)narrow_one(x[i], shift, limit);
}

/** The same in at most 16 bits. */
static void quantise_shorts(const int32_t *x, int32_t count, int32_t shift, int32_t bits,
                            int16_t *out) {
  const int32_t limit = (1 << (bits - 1)) - 1;
  for (int32_t i = 0; i < count; i++) out[i] = (int16_t)narrow_one(x[i], shift, limit);
}

/** Kind `quantise`. Parts are rows. Magnitudes i16, one for each row or (`shared`) one for all. */
static void quantise_rows(const struct call *call) {
  const void *x = address(call, 0);
  const int32_t dtype = call->args[1];
  const int32_t columns = call->args[2];
  const int16_t *magnitudes = address(call, 3);
  const bool shared = call->args[4] != 0;
  const int16_t *exponents = optional(call, 5);
  const int32_t exponent = call->args[6];
  const int32_t bits = call->args[7];
  void *out = address(call, 8);
  const bool narrow = bits <= 8;
  for (int32_t i = call->from; i < call->to; i++) {
    const ptrdiff_t row = (ptrdiff_t)i * columns;
    const int32_t m = magnitudes[shared ? 0 : i];
    uint8_t *target = (uint8_t *)out + row * (narrow ? 1 : 2);
    if (m == NO_MAGNITUDE) {
      memset(target, 0, (size_t)columns * (narrow ? 1 : 2));
      continue;
    }
    const int32_t shift = m + (exponents == NULL ? exponent : exponents[i]) - (bits - 1);
    if (dtype == DTYPE_I32) {
      const int32_t *from = (const int32_t *)x + row;
      if (narrow)
        quantise_bytes(from, columns, shift, bits, (int8_t *)target);
      else
        quantise_shorts(from, columns, shift, bits, (int16_t *)target);
      continue;
    }
    const int64_t limit = ((int64_t)1 << (bits - 1)) - 1;
    for (int32_t j = 0; j < columns; j++) {
      const int64_t q = quantise_one(load_element(x, row + j, dtype), shift, limit);
      store_element(target, j, narrow ? DTYPE_I8 : DTYPE_I16, q);
    }
  }
}

static inline int64_t combine(int64_t total, int64_t value, bool sum) {
  return sum ? total + value : value > total ? value : total;
}

/** Kinds `reduce.max` and (`sum`) `reduce.sum`. Parts are blocks, row by row. */
static void reduce_blocks(const struct call *call) {
  const void *x = address(call, 0);
  const int32_t dtype = call->args[1];
  const int32_t rows = call->args[2];
  const int32_t columns = call->args[3];
  const int32_t chunk_rows = call->args[4];
  const int32_t chunk_columns = call->args[5];
  const bool sum = call->args[6] != 0;
  void *out = address(call, 7);
  const int32_t out_dtype = call->args[8];
  const int32_t per_row = (columns + chunk_columns - 1) / chunk_columns;
  for (int32_t block = call->from; block < call->to; block++) {
    const int32_t row0 = block / per_row * chunk_rows;
    const int32_t column0 = block % per_row * chunk_columns;
    const int32_t column_end = min_of(column0 + chunk_columns, columns);
    int64_t total = sum ? 0 : INT64_MIN;
    for (int32_t i = row0; i < min_of(row0 + chunk_rows, rows); i++) {
      const ptrdiff_t row = (ptrdiff_t)i * columns;
      if (dtype == DTYPE_I32 && !sum) {
        int32_t best = INT32_MIN;
        for (int32_t j = column0; j < column_end; j++) {
          best = max_of(best, ((const int32_t *)x)[row + j]);
        }
        total = combine(total, best, false);
        continue;
      }
      for (int32_t j = column0; j < column_end; j++) {
        total = combine(total, load_element(x, row + j, dtype), sum);
      }
    }
    store_element(out, block, out_dtype, total);
  }
}

/**
 * Kinds `group.max` and (`sum`) `group.sum`. Parts are output rows [sequence, key head, position].
 */
static void group_rows(const struct call *call) {
  const void *x = address(call, 0);
  const int32_t dtype = call->args[1];
  const int32_t columns = call->args[2];
  const int32_t group = call->args[3];
  const int32_t length = call->args[4];
  const bool sum = call->args[5] != 0;
  void *out = address(call, 6);
  const int32_t out_dtype = call->args[7];
  for (int32_t row = call->from; row < call->to; row++) {
    const int32_t head = row / length;
    const int32_t position = row - head * length;
    for (int32_t j = 0; j < columns; j++) {
      int64_t total = sum ? 0 : INT64_MIN;
      for (int32_t g = 0; g < group; g++) {
        const ptrdiff_t source = (ptrdiff_t)(head * group + g) * length + position;
        total = combine(total, load_element(x, source * columns + j, dtype), sum);
      }
      store_element(out, (ptrdiff_t)row * columns + j, out_dtype, total);
    }
  }
}

#endif
