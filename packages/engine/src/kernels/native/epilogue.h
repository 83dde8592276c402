/** The ends of products: scale an exact sum, add the adapter's share and a residual, saturate. */
#ifndef R3MES_EPILOGUE_H
#define R3MES_EPILOGUE_H

#include "multiply.h"

/** y[i] = CLAMP(y[i], limit) for one run of i32. */
static void clamp_run(int32_t *y, int32_t count, int32_t limit) {
  for (int32_t i = 0; i < count; i++) y[i] = clamp_narrow(y[i], limit);
}

/**
 * The least x with RSH(x * factor, shift) > limit, or the greatest i32: what is cut to it before
 * the product ends above the limit as before, and 32 bits hold it if they hold limit + factor.
 */
static inline int32_t least_beyond(int32_t limit, int32_t factor, int32_t shift) {
  const int64_t least = (((int64_t)limit + 1) << shift) / factor + 1;
  return least > INT32_MAX ? INT32_MAX : (int32_t)least;
}

/** What a second term may be beside a first one that is cut to 2^30 + 2^28: an i32 shifted by 3. */
#define LOW_SHIFT_MIN 3
#define LOW_LIMIT (1 << 28)

/**
 * How the exact sums of one row become values: SAT30(RSH(sum * factor, shift) + RSH(low, `low`)),
 * then, where there is an addend, SAT30(RSH(that, own) + RSH(addend, other)).
 */
struct end {
  int32_t factor, shift, low, own, other;
};

/**
 * y[i] = SAT30(RSH(y[i] * factor, shift) + RSH(low[i], low_shift)) for one run of i32; without
 * `low` that term is 0. `bits` bounds the bit length of y[i] * factor and says whether the first
 * term has to be cut for 32 bits.
 */
static void scale_run(int32_t *y, const int32_t *low, int32_t count, int32_t factor, int32_t shift,
                      int32_t low_shift, int32_t bits) {
  const bool quiet = low == NULL || low_shift > 31;
  const bool fits = bits - shift <= 29;
  const int32_t low_shift_min = fits ? 1 : LOW_SHIFT_MIN;
  if (shift >= 1 && shift <= 32 && (fits || factor > 0) && (quiet || low_shift >= low_shift_min)) {
    if (!fits) clamp_run(y, count, least_beyond(SAT30 + (quiet ? 0 : LOW_LIMIT), factor, shift));
    multiply_shift_run(y, count, factor, shift, y);
    if (!fits && quiet) clamp_run(y, count, SAT30);
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
  const struct places by_x = places_of(shift_x);
  const struct places by_y = places_of(shift_y);
  for (int32_t i = 0; i < count; i++) {
    y[i] = add_sat30(rsh_places(x[i], by_x), rsh_places(y[i], by_y));
  }
}

#endif
