/**
 * Between rows per token and rows per token of a head: the kinds of ops/heads.ts.
 * A head's row of up to 1,024 values passes through this thread's strip of scratch.
 */
#ifndef R3MES_HEADS_H
#define R3MES_HEADS_H

#include "gate.h"
#include "headsAvx512.h"
#include "quantise.h"

#define HEAD_BITS 8

/**
 * Rotates a row of i32 mantissas in place by one row of the table (i16 Q14: cosines, then sines).
 */
static void rotate_row(int32_t *values, int32_t size, const int16_t *angles, int32_t direction) {
  const int32_t half = size >> 1;
  for (int32_t i = 0; i < half; i++) {
    const int32_t cosine = angles[i];
    const int32_t sine = direction * angles[half + i];
    const int32_t a = values[i];
    const int32_t b = values[half + i];
    values[i] = (a * cosine - b * sine + 8192) >> 14;
    values[half + i] = (a * sine + b * cosine + 8192) >> 14;
  }
}

/** Row `row` of heads of `bits` bits, and its exponent, `own` being the exponent of its values. */
static int32_t store_head(const int32_t *values, int32_t size, int32_t own, int32_t bits, void *out,
                          ptrdiff_t row) {
  const bool narrow = bits <= 8;
  uint8_t *target = (uint8_t *)out + row * size * (narrow ? 1 : 2);
#if defined(QUICK_HEADS)
  if (size % 16 == 0) {
    return store_lanes(values, size, bits_of_lanes(values, size), own, bits, out, row);
  }
#endif
  const int32_t length = bit_length(magnitude_bits(values, size));
  if (length == 0) {
    memset(target, 0, (size_t)size * (narrow ? 1 : 2));
    return ZERO_EXPONENT;
  }
  if (narrow)
    quantise_bytes(values, size, length - (bits - 1), bits, (int8_t *)target);
  else
    quantise_shorts(values, size, length - (bits - 1), bits, (int16_t *)target);
  return bits - 1 - (length - own);
}

/** A row rotated by one row of the table, and stored as `store_head` does. */
static int32_t rotate_head(const int32_t *source, int32_t size, int32_t own, const int16_t *angles,
                           int32_t bits, void *out, ptrdiff_t row, int32_t *values) {
#if defined(QUICK_HEADS)
  if (size % 32 == 0) return rotate_lanes(source, size, own, angles, bits, out, row, values);
#endif
  const int32_t length = bit_length(magnitude_bits(source, size));
  if (length == 0) return store_head(source, size, own, bits, out, row);
  narrow_row(source, size, length - (ROW_BITS - 1), values);
  rotate_row(values, size, angles, 1);
  /* A rotation can round a tiny row to zero. */
  return store_head(values, size, own + ROW_BITS - 1 - length, bits, out, row);
}

/** Rows of heads ahead that are asked for: each lies in a token of its own. */
#define HEADS_AHEAD 8

/**
 * Kinds `heads.split` (without `rope`) and `heads.rotate`. Parts are rows [sequence, head,
 * position]. `x` i32 [tokens, heads * size], exponents i16 [tokens] or one for all, `rope` i16
 * [positions, size], whose first row is `start` or, for decoding, the i32 at `start_at`; writes
 * `z` in `z_bits` bits, int8 up to 8 and i16 above, and `e` i16.
 */
static void split_heads(const struct call *call) {
  const int32_t *x = address(call, 0);
  const int16_t *exponents = optional(call, 1);
  const int32_t exponent = call->args[2];
  const int16_t *rope = optional(call, 3);
  const int32_t heads = call->args[4];
  const int32_t length = call->args[5];
  const int32_t size = call->args[6];
  const int32_t *start_at = optional(call, 8);
  const int32_t begin = start_at == NULL ? call->args[7] : start_at[0];
  const int32_t z_bits = call->args[9];
  void *z = address(call, 10);
  int16_t *e = address(call, 11);
  int32_t *values = (int32_t *)(call->scratch + STRIP_OFFSET);
  for (int32_t row = call->from; row < call->to; row++) {
    const int32_t block = row / length;
    const int32_t position = row - block * length;
    const int32_t sequence = block / heads;
    const ptrdiff_t token = (ptrdiff_t)sequence * length + position;
    const ptrdiff_t head = block - sequence * heads;
    const int32_t *source = x + token * heads * size + head * size;
    const int32_t own = exponents == NULL ? exponent : exponents[token];
    for (int32_t i = 0; i < size; i += 16) {
      __builtin_prefetch(source + (ptrdiff_t)HEADS_AHEAD * heads * size + i);
    }
    const int16_t *angles = rope == NULL ? NULL : rope + (ptrdiff_t)(position + begin) * size;
    const int32_t exponent_of_row =
        rope == NULL ? store_head(source, size, own, z_bits, z, row)
                     : rotate_head(source, size, own, angles, z_bits, z, row, values);
    e[row] = (int16_t)exponent_of_row;
  }
}

static inline ptrdiff_t head_row(int32_t token, int32_t head, int32_t heads, int32_t length) {
  const int32_t sequence = token / length;
  return (ptrdiff_t)(sequence * heads + head) * length + (token - sequence * length);
}

/**
 * Kind `heads.magnitude`: i16 [tokens, chunks of heads]. Parts are tokens. `m` i16 per head row.
 */
static void heads_magnitude(const struct call *call) {
  const int32_t *x = address(call, 0);
  const int16_t *m = address(call, 1);
  const int32_t heads = call->args[2];
  const int32_t length = call->args[3];
  const int32_t size = call->args[4];
  const int32_t chunk = call->args[5];
  int16_t *out = address(call, 6);
  const int32_t chunks = (heads + chunk - 1) / chunk;
  for (int32_t token = call->from; token < call->to; token++) {
    for (int32_t c = 0; c < chunks; c++) {
      int32_t best = NO_MAGNITUDE;
      for (int32_t head = c * chunk; head < min_of(heads, (c + 1) * chunk); head++) {
        const ptrdiff_t row = head_row(token, head, heads, length);
        const int32_t bits = bit_length(magnitude_bits(x + row * size, size));
        if (bits != 0) best = max_of(best, bits - exponent_of(m[row], HEAD_BITS));
      }
      out[(ptrdiff_t)token * chunks + c] = (int16_t)best;
    }
  }
}

/**
 * Kind `heads.merge`: y i32 [tokens, heads * size], e i16 [tokens]. Parts are tokens. With `rope`
 * each head is turned back and multiplied by `multiplier`.
 */
static void merge_heads(const struct call *call) {
  const int32_t *x = address(call, 0);
  const int16_t *m = address(call, 1);
  const int16_t *magnitudes = address(call, 2);
  const int16_t *rope = optional(call, 3);
  const int32_t heads = call->args[4];
  const int32_t length = call->args[5];
  const int32_t size = call->args[6];
  const int32_t multiplier = call->args[7];
  int32_t *y = address(call, 8);
  int16_t *e = address(call, 9);
  for (int32_t token = call->from; token < call->to; token++) {
    const int32_t own = magnitudes[token];
    for (int32_t head = 0; head < heads; head++) {
      const ptrdiff_t row = head_row(token, head, heads, length);
      const int32_t shift = row_shift(own, exponent_of(m[row], HEAD_BITS), ROW_BITS);
      int32_t *out = y + (ptrdiff_t)token * heads * size + (ptrdiff_t)head * size;
      narrow_row(x + row * size, size, shift, out);
      if (rope == NULL) continue;
      rotate_row(out, size, rope + (ptrdiff_t)(token % length) * size, -1);
      for (int32_t i = 0; i < size; i++) out[i] *= multiplier;
    }
    const int32_t exponent = exponent_of(own, ROW_BITS);
    e[token] = (int16_t)(exponent + (exponent != ZERO_EXPONENT && multiplier > 0 ? 15 : 0));
  }
}

#endif
