/**
 * Adam-int and Lion-int, in place on the state: the kinds of ops/optimizer.ts. Parts are elements.
 */
#ifndef R3MES_OPTIMIZER_H
#define R3MES_OPTIMIZER_H

#include "rank.h"

#define FACTOR_FRACTION 30

/** The constants of a step, as ops/optimizer.ts lays them out. */
enum { STEP_SEED_LOW, STEP_SEED_HIGH, STEP_RATE, STEP_DECAY, STEP_BIAS1, STEP_BIAS2 };

/** Shift from the exact sum of partial gradients to Q30 of the mean. */
static inline int32_t gradient_shift(int32_t m, bool is_down, int32_t tokens_shift) {
  return exponent_of(m, FOLD_BITS) - FACTOR_FRACTION + tokens_shift + (is_down ? 34 : 0);
}

/**
 * Mean gradient of one element of a factor with `size` elements: `count` partials, one rounding.
 */
static inline int64_t gradient_at(const int32_t *acc, int32_t at, int32_t size, int32_t count,
                                  bool is_down, int32_t shift) {
  int64_t sum = 0;
  for (int32_t c = 0; c < count; c++) sum += acc[(ptrdiff_t)c * size + at];
  return sat30(rsh(is_down ? sum * 33026 : sum, shift));
}

/**
 * Kind `adam`. `acc` i32 [count * rank, columns], `weight` and `m` i32, `v` i64, `size` elements.
 */
static void adam_elements(const struct call *call) {
  const int32_t *acc = address(call, 0);
  const int32_t count = call->args[1];
  const int16_t *magnitudes = address(call, 2);
  const int32_t *step = address(call, 3);
  int32_t *weight = address(call, 4);
  int32_t *m = address(call, 5);
  int64_t *v = address(call, 6);
  const int32_t size = call->args[7];
  const bool is_down = call->args[8] != 0;
  const int32_t shift = gradient_shift(magnitudes[0], is_down, call->args[9]);
  const int64_t bias1 = max_of(1, step[STEP_BIAS1]);
  const uint64_t root2 = isqrt((uint64_t)(int64_t)step[STEP_BIAS2]);
  const int64_t bias2 = root2 < 1 ? 1 : (int64_t)root2;
  for (int32_t i = call->from; i < call->to; i++) {
    const int64_t g = gradient_at(acc, i, size, count, is_down, shift);
    const int64_t m1 = m[i] + rsh((g - m[i]) * 6554, 16);
    const int64_t v1 = v[i] + rsh(g * g - v[i], 6);
    const int64_t mean = m1 * (1 << 20) / bias1;
    const int64_t denominator = (int64_t)(isqrt((uint64_t)v1) << 10) / bias2 + 11;
    const int64_t w = weight[i];
    const int64_t change = mean * step[STEP_RATE] / denominator;
    weight[i] = sat30(w - rsh(w * step[STEP_DECAY], 30) - change);
    m[i] = (int32_t)m1;
    v[i] = v1;
  }
}

/** Kind `lion`. Parameters as in `adam_elements`, without v. */
static void lion_elements(const struct call *call) {
  const int32_t *acc = address(call, 0);
  const int32_t count = call->args[1];
  const int16_t *magnitudes = address(call, 2);
  const int32_t *step = address(call, 3);
  int32_t *weight = address(call, 4);
  int32_t *m = address(call, 5);
  const int32_t size = call->args[6];
  const bool is_down = call->args[7] != 0;
  const int32_t shift = gradient_shift(magnitudes[0], is_down, call->args[8]);
  const int64_t rate = step[STEP_RATE];
  for (int32_t i = call->from; i < call->to; i++) {
    const int64_t g = gradient_at(acc, i, size, count, is_down, shift);
    const int64_t m0 = m[i];
    const int64_t direction = 9 * m0 + g;
    const int64_t w = weight[i];
    const int64_t change = direction > 0 ? rate : direction < 0 ? -rate : 0;
    weight[i] = sat30(w - rsh(w * step[STEP_DECAY], 30) - change);
    m[i] = (int32_t)(m0 + rsh(g - m0, 6));
  }
}

#endif
