/** The ends of products: scale an exact sum, add the adapter's share and a residual, saturate. */
#ifndef R3MES_EPILOGUE_H
#define R3MES_EPILOGUE_H

#include "multiply.h"

/**
 * How the exact sums of one row become values: SAT30(RSH(sum * factor, shift) + RSH(low, `low`)),
 * then, where there is an addend, SAT30(RSH(that, own) + RSH(addend, other)).
 */
struct end {
  int32_t factor, shift, low, own, other;
};

/**
 * y[i] = SAT30(RSH(y[i] * factor, shift) + RSH(low[i], low_shift)) for one run of i32; without
 * `low` that term is 0. `bits` bounds the bit length of y[i] * factor and picks the 32-bit path.
 */
static void scale_run(int32_t *y, const int32_t *low, int32_t count, int32_t factor, int32_t shift,
                      int32_t low_shift, int32_t bits) {
  const bool quiet = low == NULL || low_shift > 31;
  if (shift >= 1 && shift <= 32 && bits - shift <= 29 && (quiet || low_shift >= 1)) {
    /* What the first shift leaves is below 2^30, so that only a second term can saturate. */
    multiply_shift_run(y, count, factor, shift, y);
    for (int32_t i = 0; !quiet && i < count; i++) {
      y[i] = clamp_narrow(y[i] + rsh_narrow(low[i], low_shift), SAT30);
    }
    return;
  }
  for (int32_t i = 0; i < count; i++) {
    int64_t value = rsh((int64_t)y[i] * factor, shift);
    if (low != NULL) value += rsh(low[i], low_shift);
    y[i] = sat30(value);
  }
}

/** y[i] = SAT30(RSH(x[i], shift_x) + RSH(y[i], shift_y)), shifts >= 0: two rows to one exponent. */
static void align_run(const int32_t *x, int32_t shift_x, int32_t *y, int32_t shift_y,
                      int32_t count) {
  for (int32_t i = 0; i < count; i++) {
    y[i] = add_sat30(rsh_narrow(x[i], shift_x), rsh_narrow(y[i], shift_y));
  }
}

#endif
