/** The squared-ReLU gate, forward and backward: the kinds of ops/gate.ts. Parts are rows. */
#ifndef R3MES_GATE_H
#define R3MES_GATE_H

#include "integer.h"

#define ROW_BITS 16
#define ROW_LIMIT 32767
#define Q16 16

/**
 * Columns of a row that pass through the stack at once: few, so that the rows read side by side come
 * from memory together.
 */
#define PIECE 256

/** 16-bit mantissas of an i32 row, as i32. */
static void narrow_row(const int32_t *x, int32_t count, int32_t shift, int32_t *out) {
  for (int32_t i = 0; i < count; i++) out[i] = narrow_one(x[i], shift, ROW_LIMIT);
}

/** Sum of three exponents less `shift`, or ZERO_EXPONENT as soon as one of them is that. */
static inline int32_t join_three(int32_t a, int32_t b, int32_t c, int32_t shift) {
  if (a == ZERO_EXPONENT || b == ZERO_EXPONENT || c == ZERO_EXPONENT) return ZERO_EXPONENT;
  return a + b + c - shift;
}

/** What the gate lets through of a mantissa: its square where it is above zero, Q15 off. */
static inline int32_t square_of(int32_t g) { return max_of(0, g) * max_of(0, g) >> 15; }

/** Kind `gate`: h i32 and e i16 [rows]. */
static void gate_forward(const struct call *call) {
  const int32_t *gate = address(call, 0);
  const int32_t *up = address(call, 1);
  const int16_t *gm = address(call, 2);
  const int16_t *um = address(call, 3);
  const int32_t columns = call->args[4];
  int32_t *h = address(call, 5);
  int16_t *e = address(call, 6);
  for (int32_t t = call->from; t < call->to; t++) {
    const int32_t shift_g = row_shift(gm[t], Q16, ROW_BITS);
    const int32_t shift_u = row_shift(um[t], Q16, ROW_BITS);
    const ptrdiff_t row = (ptrdiff_t)t * columns;
    for (int32_t from = 0; from < columns; from += PIECE) {
      const int32_t count = min_of(PIECE, columns - from);
      int32_t g[PIECE], u[PIECE];
      narrow_row(gate + row + from, count, shift_g, g);
      narrow_row(up + row + from, count, shift_u, u);
      for (int32_t i = 0; i < count; i++) h[row + from + i] = square_of(g[i]) * u[i];
    }
    const int32_t eg = exponent_of(gm[t], ROW_BITS);
    e[t] = (int16_t)join_three(eg, eg, exponent_of(um[t], ROW_BITS), 15);
  }
}

/** Kind `gate.backward`: d i32 and e i16 [rows]; `side` 0 is the gate, 1 is up. */
static void gate_backward(const struct call *call) {
  const int32_t *dh = address(call, 0);
  const int16_t *de = address(call, 1);
  const int16_t *dhm = address(call, 2);
  const int32_t *gate = address(call, 3);
  const int32_t *up = address(call, 4);
  const int16_t *gm = address(call, 5);
  const int16_t *um = address(call, 6);
  const int32_t columns = call->args[7];
  const bool is_up = call->args[8] == 1;
  int32_t *d = address(call, 9);
  int16_t *e = address(call, 10);
  for (int32_t t = call->from; t < call->to; t++) {
    const int32_t shift_g = row_shift(gm[t], Q16, ROW_BITS);
    const int32_t shift_u = row_shift(um[t], Q16, ROW_BITS);
    const int32_t shift_d = row_shift(dhm[t], de[t], ROW_BITS);
    const ptrdiff_t row = (ptrdiff_t)t * columns;
    for (int32_t from = 0; from < columns; from += PIECE) {
      const int32_t count = min_of(PIECE, columns - from);
      int32_t *to = d + row + from;
      int32_t g[PIECE], u[PIECE], narrow[PIECE];
      narrow_row(gate + row + from, count, shift_g, g);
      narrow_row(dh + row + from, count, shift_d, narrow);
      if (is_up) {
        for (int32_t i = 0; i < count; i++) to[i] = narrow[i] * square_of(g[i]);
        continue;
      }
      narrow_row(up + row + from, count, shift_u, u);
      for (int32_t i = 0; i < count; i++) {
        to[i] = narrow[i] * rsh_narrow(max_of(0, g[i]) * u[i], 15);
      }
    }
    const int32_t edh = exponent_of(dhm[t], ROW_BITS);
    const int32_t eg = exponent_of(gm[t], ROW_BITS);
    const int32_t eu = exponent_of(um[t], ROW_BITS);
    e[t] = (int16_t)(is_up ? join_three(edh, eg, eg, 15) : join_three(edh, eg, eu, 16));
  }
}

#endif
