/** The ends of products: scale an exact sum, add the adapter's share and a residual, saturate. */
#ifndef R3MES_EPILOGUE_H
#define R3MES_EPILOGUE_H

#include "integer.h"

/**
 * y[i] = SAT30(RSH(y[i] * factor, shift) + RSH(low[i], low_shift)) for one run of i32; without
 * `low` that term is 0. `bits` bounds the bit length of y[i] * factor and picks the 32-bit path.
 */
static void scale_run(int32_t *y, const int32_t *low, int32_t count, int32_t factor, int32_t shift,
                      int32_t low_shift, int32_t bits) {
  const bool quiet = low == NULL || low_shift > 31;
  if (shift >= 1 && shift <= 32 && bits - shift <= 29 && (quiet || low_shift >= 1)) {
    const int64_t half = (int64_t)1 << (shift - 1);
    if (quiet) {
      for (int32_t i = 0; i < count; i++) {
        y[i] = clamp_narrow(multiply_shift(y[i], factor, half, shift), SAT30);
      }
      return;
    }
    for (int32_t i = 0; i < count; i++) {
      const int32_t value = multiply_shift(y[i], factor, half, shift);
      y[i] = clamp_narrow(value + rsh_narrow(low[i], low_shift), SAT30);
    }
    return;
  }
  for (int32_t i = 0; i < count; i++) {
    int64_t value = rsh((int64_t)y[i] * factor, shift);
    if (low != NULL) value += rsh(low[i], low_shift);
    y[i] = sat30(value);
  }
}

/** y[i] = SAT30(x[i] + y[i]) for one run of i32. */
static void add_run(const int32_t *x, int32_t *y, int32_t count) {
  for (int32_t i = 0; i < count; i++) y[i] = add_sat30(x[i], y[i]);
}

/** y[i] = SAT30(RSH(x[i], shift_x) + RSH(y[i], shift_y)), shifts >= 0: two rows to one exponent. */
static void align_run(const int32_t *x, int32_t shift_x, int32_t *y, int32_t shift_y,
                      int32_t count) {
  for (int32_t i = 0; i < count; i++) {
    y[i] = add_sat30(rsh_narrow(x[i], shift_x), rsh_narrow(y[i], shift_y));
  }
}

#endif
