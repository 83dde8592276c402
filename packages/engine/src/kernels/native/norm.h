/**
 * RMSNorm with gain and absmax int8, forward and backward: the kinds of ops/norm.ts. Parts are
 * rows.
 */
#ifndef R3MES_NORM_H
#define R3MES_NORM_H

#include "gate.h"
#include "multiply.h"

/** Reciprocal root of a row's mean square: value * 2^(shift - 31). */
struct root {
  int32_t value;
  int32_t shift;
};

/** What NormScale has of the number of columns alone: a root that every row of a kernel shares. */
static uint64_t width_of(int32_t columns) { return isqrt((uint64_t)columns << 20); }

/** NormScale of `squares` over as many values as `width` is of. */
static struct root root_of(uint64_t squares, uint64_t width) {
  const int32_t length = bit_length_wide(squares);
  const int32_t cut = length > 30 ? (length - 29) & ~1 : 0;
  const uint64_t whole = isqrt(squares >> cut);
  const uint64_t r = whole < 1 ? 1 : whole;
  const int32_t width_shift = bit_length_wide(width) - 16;
  const uint64_t normal = width_shift > 0 ? width >> width_shift : width << -width_shift;
  const uint64_t quotient = (normal << 16) / r;
  const int32_t cut_root = bit_length_wide(quotient) - 15;
  const int32_t value = (int32_t)rsh((int64_t)quotient, cut_root);
  return (struct root){value, cut_root + width_shift + 5 - (cut >> 1)};
}

/**
 * The rows of a normalised tensor: i32 values, magnitudes and exponents i16, exact squares, gain.
 */
struct normal {
  const int32_t *x;
  const int16_t *m;
  const int16_t *exponents;
  int32_t exponent;
  const uint64_t *squares;
  const int16_t *gain;
  int32_t columns;
};

static inline int32_t normal_shift(const struct normal *n, int32_t t) {
  return row_shift(n->m[t], n->exponents == NULL ? n->exponent : n->exponents[t], ROW_BITS);
}

/** True if 32 bits hold the normalised values of a row: they are below 2^28 by their shift. */
static inline bool is_plain(struct root root) {
  return 19 - root.shift >= 3 && 19 - root.shift <= 31;
}

/** xhat of a piece of a row: exact in 32 bits where `is_plain`. */
static void hat_piece(const int32_t *x, int32_t count, int32_t shift, struct root root,
                      int32_t *hat) {
  const int32_t places = 19 - root.shift;
  const int32_t half = 1 << (places - 1);
  narrow_row(x, count, shift, hat);
  /* 32767 * 2^15 + 2^30 is below 2^31. */
  for (int32_t i = 0; i < count; i++) hat[i] = (hat[i] * root.value + half) >> places;
}

static inline int64_t hat_wide(int32_t x, int32_t shift, struct root root) {
  return rsh((int64_t)narrow_one(x, shift, ROW_LIMIT) * root.value, 19 - root.shift);
}

/** dg of a piece of a row: d in 16 bits times the gain, Q12 off. 2^15 * 2^15 fits 31 bits. */
static void gradient_piece(const int32_t *d, int32_t count, int32_t shift, const int16_t *gain,
                           int32_t *dg) {
  narrow_row(d, count, shift, dg);
  for (int32_t i = 0; i < count; i++) dg[i] = (dg[i] * gain[i] + (1 << 11)) >> 12;
}

/** Kind `norm.squares`: i64 [rows, chunks]. */
static void norm_squares(const struct call *call) {
  const struct normal n = {
      address(call, 0), address(call, 1), optional(call, 2), call->args[3], NULL, NULL,
      call->args[4]};
  const int32_t chunk = call->args[5];
  int64_t *out = address(call, 6);
  const int32_t chunks = (n.columns + chunk - 1) / chunk;
  for (int32_t t = call->from; t < call->to; t++) {
    const int32_t *row = n.x + (ptrdiff_t)t * n.columns;
    const int32_t shift = normal_shift(&n, t);
    int32_t values[PIECE];
    for (int32_t c = 0; c < chunks; c++) {
      int64_t sum = 0;
      for (int32_t at = c * chunk; at < min_of(n.columns, (c + 1) * chunk); at += PIECE) {
        const int32_t count = min_of(PIECE, min_of(n.columns, (c + 1) * chunk) - at);
        narrow_row(row + at, count, shift, values);
        sum += dot_wide(values, values, count);
      }
      out[(ptrdiff_t)t * chunks + c] = sum;
    }
  }
}

/** Kind `norm.epsilon`: i64 [rows], sums with the share of an epsilon (Q40) in each row's units. */
static void norm_epsilon(const struct call *call) {
  const int64_t *squares = address(call, 0);
  const int16_t *m = address(call, 1);
  const int64_t whole = (int64_t)call->args[2] * call->args[3];
  const int64_t most = (int64_t)1 << 51;
  int64_t *out = address(call, 4);
  for (int32_t t = call->from; t < call->to; t++) {
    const int64_t share = m[t] == NO_MAGNITUDE ? 0 : rsh(whole, max_of(10 + 2 * m[t], -16));
    out[t] = squares[t] + (share > most ? most : share);
  }
}

static int32_t mantissa_of(const int32_t *x, const int16_t *gain, int32_t from, int32_t to,
                           int32_t shift, struct root root) {
  if (is_plain(root)) {
    int32_t hat[PIECE];
    int32_t best = 1;
    for (int32_t at = from; at < to; at += PIECE) {
      const int32_t count = min_of(PIECE, to - at);
      hat_piece(x + at, count, shift, root, hat);
      multiply_shift_each(hat, gain + at, count, 12, hat);
      for (int32_t i = 0; i < count; i++) best = max_of(best, hat[i] < 0 ? -hat[i] : hat[i]);
    }
    return best;
  }
  int64_t best = 1;
  for (int32_t i = from; i < to; i++) {
    const int64_t value = rsh(hat_wide(x[i], shift, root) * gain[i], 12);
    const int64_t size = (int64_t)magnitude_wide(value);
    best = size > best ? size : best;
  }
  return (int32_t)best;
}

/** Kind `norm.mantissa`: i32 [rows, chunks], at least 1. */
static void norm_mantissa(const struct call *call) {
  const struct normal n = {address(call, 0), address(call, 1), optional(call, 2), call->args[3],
                           address(call, 4), address(call, 5), call->args[6]};
  const int32_t chunk = call->args[7];
  int32_t *out = address(call, 8);
  const int32_t chunks = (n.columns + chunk - 1) / chunk;
  const uint64_t width = width_of(n.columns);
  for (int32_t t = call->from; t < call->to; t++) {
    const int32_t *row = n.x + (ptrdiff_t)t * n.columns;
    const bool zero = n.m[t] == NO_MAGNITUDE;
    const struct root root = root_of(zero ? 0 : n.squares[t], width);
    for (int32_t c = 0; c < chunks; c++) {
      const int32_t end = min_of(n.columns, (c + 1) * chunk);
      out[(ptrdiff_t)t * chunks + c] =
          zero ? 1 : mantissa_of(row, n.gain, c * chunk, end, normal_shift(&n, t), root);
    }
  }
}

/** Normalised values in 8 bits, where `is_plain`; `by` is the reciprocal of the row's mantissa. */
static void quantise_plain(const int32_t *x, const int16_t *gain, int32_t columns, int32_t shift,
                           struct root root, int32_t by, int8_t *out) {
  int32_t hat[PIECE];
  /* Whatever is larger saturates, and up to it 2^30 + by + 2^22 is below 2^31. */
  const int32_t edge = (1 << 30) / by + 1;
  for (int32_t at = 0; at < columns; at += PIECE) {
    const int32_t count = min_of(PIECE, columns - at);
    hat_piece(x + at, count, shift, root, hat);
    multiply_shift_each(hat, gain + at, count, 12, hat);
    for (int32_t i = 0; i < count; i++) {
      const int32_t code = (clamp_narrow(hat[i], edge) * by + (1 << 22)) >> 23;
      out[at + i] = (int8_t)clamp_narrow(code, 127);
    }
  }
}

/** Kind `norm.quantise`: int8 [rows, columns]. Mantissas i32 [rows]. */
static void norm_quantise(const struct call *call) {
  const struct normal n = {address(call, 0), address(call, 1), optional(call, 2), call->args[3],
                           address(call, 4), address(call, 5), call->args[7]};
  const int32_t *mantissa = address(call, 6);
  int8_t *out = address(call, 8);
  const uint64_t width = width_of(n.columns);
  for (int32_t t = call->from; t < call->to; t++) {
    const int32_t *row = n.x + (ptrdiff_t)t * n.columns;
    int8_t *target = out + (ptrdiff_t)t * n.columns;
    if (n.m[t] == NO_MAGNITUDE) {
      memset(target, 0, (size_t)n.columns);
      continue;
    }
    const struct root root = root_of(n.squares[t], width);
    const int32_t shift = normal_shift(&n, t);
    const int32_t by = (127 << 23) / mantissa[t];
    if (is_plain(root)) {
      quantise_plain(row, n.gain, n.columns, shift, root, by, target);
      continue;
    }
    for (int32_t i = 0; i < n.columns; i++) {
      const int64_t value = rsh(hat_wide(row[i], shift, root) * n.gain[i], 12);
      target[i] = (int8_t)clamp(rsh(value * by, 23), 127);
    }
  }
}

/** dg of one value, as in `gradient_piece`. */
static inline int32_t gradient_one(int32_t d, int32_t shift, int16_t gain) {
  return rsh_narrow(narrow_one(d, shift, ROW_LIMIT) * gain, 12);
}

static int64_t dot_of(const int32_t *d, const int32_t *x, const int16_t *gain, int32_t from,
                      int32_t to, int32_t shift_d, int32_t shift_x, struct root root) {
  int64_t total = 0;
  if (is_plain(root)) {
    int32_t hat[PIECE];
    int32_t dg[PIECE];
    for (int32_t at = from; at < to; at += PIECE) {
      const int32_t count = min_of(PIECE, to - at);
      hat_piece(x + at, count, shift_x, root, hat);
      gradient_piece(d + at, count, shift_d, gain + at, dg);
      total += dot_wide(dg, hat, count);
    }
    return total;
  }
  for (int32_t i = from; i < to; i++) {
    total += gradient_one(d[i], shift_d, gain[i]) * hat_wide(x[i], shift_x, root);
  }
  return total;
}

/** Kind `norm.dot`: i64 [rows, chunks]. `d` i32 with magnitudes and exponents i16 [rows]. */
static void norm_dot(const struct call *call) {
  const int32_t *d = address(call, 0);
  const int16_t *dm = address(call, 1);
  const int16_t *de = address(call, 2);
  const struct normal n = {address(call, 3), address(call, 4), optional(call, 5), call->args[6],
                           address(call, 7), address(call, 8), call->args[9]};
  const int32_t chunk = call->args[10];
  int64_t *out = address(call, 11);
  const int32_t chunks = (n.columns + chunk - 1) / chunk;
  const uint64_t width = width_of(n.columns);
  for (int32_t t = call->from; t < call->to; t++) {
    const ptrdiff_t at = (ptrdiff_t)t * n.columns;
    const bool zero = n.m[t] == NO_MAGNITUDE || dm[t] == NO_MAGNITUDE;
    const struct root root = root_of(zero ? 0 : n.squares[t], width);
    const int32_t shift_d = row_shift(dm[t], de[t], ROW_BITS);
    for (int32_t c = 0; c < chunks; c++) {
      const int32_t end = min_of(n.columns, (c + 1) * chunk);
      out[(ptrdiff_t)t * chunks + c] = zero ? 0
                                            : dot_of(d + at, n.x + at, n.gain, c * chunk, end,
                                                     shift_d, normal_shift(&n, t), root);
    }
  }
}

/** What one row of the backward pass needs beside its values. */
struct backward {
  int32_t shift_d, shift_x;
  struct root root;
  /** The projection on xhat, taken off. */
  int64_t c;
  /** Whether the row is shifted and added to a residual, which may be NULL. */
  bool joined;
  int32_t shift;
};

/**
 * SAT30(RSH((dg - RSH(xhat * c, 24)) * root, 8)) where 32 bits suffice. A tangent past 2^38 / root
 * saturates whatever it is, so it is cut there; its eight low bits are multiplied apart.
 */
static void backward_plain(const int32_t *d, const int32_t *x, const int16_t *gain, int32_t columns,
                           const struct backward *by, int32_t *out) {
  const int32_t c = (int32_t)by->c;
  const int32_t root = by->root.value;
  const int32_t edge = (int32_t)(((int64_t)1 << 38) / root + 1);
  int32_t hat[PIECE];
  int32_t dg[PIECE];
  for (int32_t at = 0; at < columns; at += PIECE) {
    const int32_t count = min_of(PIECE, columns - at);
    hat_piece(x + at, count, by->shift_x, by->root, hat);
    gradient_piece(d + at, count, by->shift_d, gain + at, dg);
    multiply_shift_run(hat, count, c, 24, hat);
    for (int32_t i = 0; i < count; i++) {
      const int32_t cut = clamp_narrow((int32_t)((uint32_t)dg[i] - (uint32_t)hat[i]), edge);
      const int32_t low = ((cut & 255) * root + (1 << 7)) >> 8;
      out[at + i] = clamp_narrow((cut >> 8) * root + low, SAT30);
    }
  }
}

static void backward_row(const int32_t *d, const int32_t *x, const int16_t *gain, int32_t columns,
                         const struct backward *by, const int32_t *residual, int32_t *out) {
  if (is_plain(by->root) && by->c == (int32_t)by->c && (!by->joined || by->shift >= 0)) {
    backward_plain(d, x, gain, columns, by, out);
    if (!by->joined) return;
    for (int32_t i = 0; i < columns; i++) {
      out[i] = add_sat30(residual == NULL ? 0 : residual[i], rsh_narrow(out[i], by->shift));
    }
    return;
  }
  for (int32_t i = 0; i < columns; i++) {
    const int64_t hat = hat_wide(x[i], by->shift_x, by->root);
    const int64_t tangent = gradient_one(d[i], by->shift_d, gain[i]) - rsh(hat * by->c, 24);
    int32_t dx = sat30(rsh(tangent * by->root.value, 8));
    if (by->joined) {
      const int64_t previous = residual == NULL ? 0 : residual[i];
      dx = sat30(previous + rsh(dx, max_of(by->shift, -31)));
    }
    out[i] = dx;
  }
}

/** A row whose gradient is zero: the residual, saturated, or zeros. */
static void zero_row(const int32_t *residual, int32_t *out, int32_t columns) {
  for (int32_t i = 0; i < columns; i++) out[i] = residual == NULL ? 0 : sat30(residual[i]);
}

/**
 * Kind `norm.backward` (`joined` 0): `out` i32 and exponents `out_e` i16. Kind
 * `norm.backwardResidual` (`joined` 1): the stream at `residual_exponent`, its previous value in
 * `residual` or absent.
 */
static void norm_backward(const struct call *call) {
  const int32_t *d = address(call, 0);
  const int16_t *dm = address(call, 1);
  const int16_t *de = address(call, 2);
  const struct normal n = {address(call, 3), address(call, 4), optional(call, 5), call->args[6],
                           address(call, 7), address(call, 8), call->args[10]};
  const int64_t *dot = address(call, 9);
  const bool joined = call->args[11] != 0;
  const int32_t *residual = optional(call, 12);
  const int32_t residual_exponent = call->args[13];
  int32_t *out = address(call, 14);
  int16_t *out_e = optional(call, 15);
  const uint64_t width = width_of(n.columns);
  for (int32_t t = call->from; t < call->to; t++) {
    const ptrdiff_t at = (ptrdiff_t)t * n.columns;
    const int32_t *previous = residual == NULL ? NULL : residual + at;
    if (n.m[t] == NO_MAGNITUDE || dm[t] == NO_MAGNITUDE) {
      if (out_e != NULL) out_e[t] = ZERO_EXPONENT;
      zero_row(previous, out + at, n.columns);
      continue;
    }
    const struct root root = root_of(n.squares[t], width);
    const int32_t narrow_d = ROW_BITS - 1 - dm[t];
    const int32_t narrow_x = ROW_BITS - 1 - n.m[t];
    const int32_t e = narrow_d + (31 - root.shift - narrow_x) - 8;
    const struct backward by = {
        .shift_d = row_shift(dm[t], de[t], ROW_BITS),
        .shift_x = normal_shift(&n, t),
        .root = root,
        .c = div_round(dot[t], n.columns),
        .joined = joined,
        .shift = e - residual_exponent,
    };
    if (out_e != NULL) out_e[t] = (int16_t)e;
    backward_row(d + at, n.x + at, n.gain, n.columns, &by, previous, out + at);
  }
}

#endif
