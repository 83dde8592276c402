/**
 * The integer primitives of spec/arithmetic.md section 2 in 32 and 64 bits. Each equals the
 * definition of the same name in src/arithmetic over the range its comment gives. What may wrap is
 * unsigned; a shift to the right of a negative value is arithmetic, as every compiler here defines
 * it.
 */
#ifndef R3MES_INTEGER_H
#define R3MES_INTEGER_H

#include "kernel.h"

#define SAT30 (1 << 30)

static inline int32_t bit_length(uint32_t x) { return x == 0 ? 0 : 32 - __builtin_clz(x); }
static inline int32_t bit_length_wide(uint64_t x) { return x == 0 ? 0 : 64 - __builtin_clzll(x); }

static inline uint32_t magnitude_of(int32_t x) { return x < 0 ? 0u - (uint32_t)x : (uint32_t)x; }
static inline uint64_t magnitude_wide(int64_t x) { return x < 0 ? 0u - (uint64_t)x : (uint64_t)x; }

/** x * 2^s for s >= 0, as the bits fall. */
static inline int64_t shift_left(int64_t x, int32_t s) { return (int64_t)((uint64_t)x << s); }

/**
 * RSH for |x| < 2^61. A left shift past 2^61 saturates there: the definition would go on, and every
 * caller ends in a clamp far below.
 */
static inline int64_t rsh(int64_t x, int32_t s) {
  if (s > 62) return 0;
  if (s > 0) return (x + ((int64_t)1 << (s - 1))) >> s;
  if (bit_length_wide(magnitude_wide(x)) - s > 61) {
    return x < 0 ? -((int64_t)1 << 61) : x == 0 ? 0 : (int64_t)1 << 61;
  }
  return shift_left(x, -s);
}

static inline int64_t clamp(int64_t x, int64_t limit) {
  return x > limit ? limit : x < -limit ? -limit : x;
}

static inline int32_t clamp_narrow(int32_t x, int32_t limit) {
  return x > limit ? limit : x < -limit ? -limit : x;
}

static inline int32_t sat30(int64_t x) { return (int32_t)clamp(x, SAT30); }

/** RSH(x, s) of one i32 for any s >= 0, without leaving 32 bits: (x >> s) + bit s-1 of x. */
static inline int32_t rsh_narrow(int32_t x, int32_t s) {
  const int32_t last = s > 31 ? 31 : s > 0 ? s - 1 : 0;
  const int32_t moved = ((x >> last) >> 1) + ((x >> last) & 1);
  return s > 31 ? 0 : s == 0 ? x : moved;
}

/**
 * RSH(x, s) of one i32 for s >= 1 alone, which is less work where every value has a shift of its own.
 * A shift by 32 or more leaves the sign, which rounds to 0.
 */
static inline int32_t rsh_right(int32_t x, int32_t s) {
  const int32_t last = x >> min_of(s - 1, 31);
  return (last >> 1) + (last & 1);
}

/** A shift s >= 0 that a whole run has, as two shifts and the bit between them. */
struct places {
  int32_t first;
  int32_t last;
};

static inline struct places places_of(int32_t s) {
  return (struct places){s > 31 ? 31 : s > 0 ? s - 1 : 0, s > 0 ? 1 : 0};
}

/** RSH(x, s) of one i32 without a branch, so that a compiler makes vectors of a run. */
static inline int32_t rsh_places(int32_t x, struct places by) {
  const int32_t moved = x >> by.first;
  return (moved >> by.last) + (moved & by.last);
}

/**
 * The 32 low bits of RSH(x * factor, shift) for 1 <= shift <= 32; the whole of it where it fits.
 * A logical shift leaves the same low bits as an arithmetic one, and AVX2 has no other.
 */
static inline int32_t multiply_shift(int32_t x, int32_t factor, int64_t half, int32_t shift) {
  return (int32_t)(uint32_t)((uint64_t)((int64_t)x * factor + half) >> shift);
}

/** Quotient rounded to nearest, halves away from zero, for b >= 1. */
static inline int64_t div_round(int64_t a, int64_t b) {
  const int64_t half = b >> 1;
  return a >= 0 ? (a + half) / b : -((half - a) / b);
}

/** Floor of the square root of 32 bits, by integer Newton steps from above. */
static inline uint32_t isqrt_short(uint32_t x) {
  if (x == 0) return 0;
  /* 2^16 is the largest start; the sum root + x / root stays in 32 bits. */
  uint32_t root = 1u << ((bit_length(x) + 1) >> 1);
  uint32_t next = (root + x / root) >> 1;
  while (next < root) {
    root = next;
    next = (root + x / root) >> 1;
  }
  return root;
}

/**
 * ISQRT: floor of the square root. The root of the leading 32 bits, plus one, bounds the root from
 * above within 2^-15 of it, so one or two wide Newton steps remain.
 */
static inline uint64_t isqrt(uint64_t x) {
  const int32_t length = bit_length_wide(x);
  if (length <= 32) return isqrt_short((uint32_t)x);
  const int32_t cut = (length - 31) & ~1;
  uint64_t root = ((uint64_t)isqrt_short((uint32_t)(x >> cut)) + 1) << (cut >> 1);
  uint64_t next = (root + x / root) >> 1;
  while (next < root) {
    root = next;
    next = (root + x / root) >> 1;
  }
  return root;
}

/** AQ mantissa of x * 2^-e at magnitude m in b bits, where `shift` = m + e - (b - 1). */
static inline int64_t quantise_one(int64_t x, int32_t shift, int64_t limit) {
  if (shift > 0 || x == 0) return clamp(rsh(x, shift), limit);
  /* The shortest value shifted this far is past every mantissa of at most 16 bits. */
  if (shift < -16) return x > 0 ? limit : -limit;
  return clamp(shift_left(x, -shift), limit);
}

/** Stands for a row without magnitude: every i32 is rounded to 0. */
#define SHIFT_TO_ZERO 64

/** Shift of a row with magnitude `m` and exponent `e` to `bits` bits. */
static inline int32_t row_shift(int32_t m, int32_t e, int32_t bits) {
  return m == NO_MAGNITUDE ? SHIFT_TO_ZERO : m + e - (bits - 1);
}

/** Exponent of mantissas of `bits` bits at magnitude `m`. */
static inline int32_t exponent_of(int32_t m, int32_t bits) {
  return m == NO_MAGNITUDE ? ZERO_EXPONENT : bits - 1 - m;
}

/**
 * Mantissas of at most 16 bits of one i32: clamp(RSH(x, shift), limit) for any shift. To the left,
 * a value is first cut to `limit`, since every larger one saturates, and 15 places saturate every
 * non-zero one. The branches depend on `shift` alone, so a loop over a row takes them once.
 */
static inline int32_t narrow_one(int32_t x, int32_t shift, int32_t limit) {
  if (shift > 0) return clamp_narrow(rsh_narrow(x, shift), limit);
  const int32_t places = -shift > 15 ? 15 : -shift;
  return clamp_narrow((int32_t)((uint32_t)clamp_narrow(x, limit) << places), limit);
}

/** The same without a branch, for rows in which every value has a shift of its own. */
static inline int32_t narrow_any(int32_t x, int32_t shift, int32_t limit) {
  const int32_t places = -shift > 15 ? 15 : shift > 0 ? 0 : -shift;
  const int32_t cut = shift > 0 ? x : clamp_narrow(x, limit);
  const int32_t moved = (int32_t)((uint32_t)cut << places);
  const int32_t last = shift > 32 ? 31 : shift > 1 ? shift - 1 : 0;
  const int32_t rounded = ((moved >> last) >> 1) + ((moved >> last) & 1);
  return clamp_narrow(shift > 31 ? 0 : shift > 0 ? rounded : moved, limit);
}

/** SAT30(a + b) of any two i32. */
static inline int32_t add_sat30(int32_t a, int32_t b) {
  const int32_t sum = (int32_t)((uint32_t)a + (uint32_t)b);
  const int32_t wrapped = ((sum ^ a) & (sum ^ b)) >> 31;
  const int32_t end = (a >> 31) ^ INT32_MAX;
  return clamp_narrow((sum & ~wrapped) | (end & wrapped), SAT30);
}

static inline uint32_t mix(uint32_t x) {
  x ^= x >> 16;
  x *= 0x7feb352du;
  x ^= x >> 15;
  x *= 0x846ca68bu;
  return x ^ (x >> 16);
}

/** The part of `noise` that a whole row of one tensor shares. */
static inline uint32_t noise_row(uint32_t low, uint32_t high, uint32_t site, uint32_t row) {
  return mix(mix(mix(mix(low) + high) + site) + row);
}

static inline uint32_t noise_at(uint32_t row, uint32_t column) { return mix(row + column); }

/** EXP2N: 2^(-distance / 2^16) in Q30 by the 257-entry table. */
static inline int32_t exp2n(uint32_t distance, const int32_t *table) {
  const uint32_t halvings = distance >> 16;
  const uint32_t entry = (distance >> 8) & 255;
  const int32_t from = table[entry];
  const int32_t interpolated =
      from - (((from - table[entry + 1]) * (int32_t)(distance & 255)) >> 8);
  return halvings > 30 ? 0 : interpolated >> (halvings & 31);
}

/** LOG2: log2(x) in Q16, x >= 1, by the 257-entry table. */
static inline int64_t log2_of(uint64_t x, const int32_t *table) {
  const int32_t whole = bit_length_wide(x) - 1;
  const uint64_t mantissa = whole >= 24 ? x >> (whole - 24) : x << (24 - whole);
  const int32_t fraction = (int32_t)((int64_t)mantissa - 0x1000000);
  const int32_t entry = fraction >> 16;
  const int64_t from = table[entry];
  const int64_t step = (table[entry + 1] - from) * (fraction & 0xffff);
  return ((int64_t)whole << 16) + from + (step >> 16);
}

#endif
