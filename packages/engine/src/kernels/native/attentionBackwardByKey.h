/**
 * The second half of the gradient of attention, by blocks of keys: from P, D and their exponents to dk and dv.
 * The numbers are those of attention.h, which defines them one operation at a time.
 */
#ifndef R3MES_ATTENTION_BACKWARD_BY_KEY_H
#define R3MES_ATTENTION_BACKWARD_BY_KEY_H

#include "attentionColumns.h"

/** One of the two column-wise gradients of a block of keys: writes d and the keys' magnitudes. */
static void gradient_by_key(struct columns x, const int8_t *right, int32_t size, int32_t group,
                            int32_t length, int32_t height, int32_t *out, int16_t *km,
                            int8_t *left) {
  const struct columns first = x;
  int32_t best[BLOCK];
  for (int32_t c = 0; c < BLOCK; c++) best[c] = NO_MAGNITUDE;
  const ptrdiff_t member_cells = length * x.stride;
  for (int32_t member = 0; member < group; member++) {
    column_magnitudes(&x, height, best);
    x.exponents += length;
    x.data = (const uint8_t *)x.data + member_cells * (x.half ? 2 : 4);
  }
  for (int32_t c = 0; c < height; c++) km[c] = (int16_t)best[c];
  x = first;
  for (int32_t member = 0; member < group; member++) {
    column_bytes(&x, height, best, left, x.count);
    const struct rows turned = {left, x.count, false};
    const struct right rows = {right + (ptrdiff_t)member * length * size, size, BY_COLUMNS};
    multiply_rows(turned, height, rows, size, x.count, member == 0, out, size);
    x.exponents += length;
    x.data = (const uint8_t *)x.data + member_cells * (x.half ? 2 : 4);
  }
}

/**
 * The backward pass by keys: from P, D and their exponents to dk and dv and their magnitudes. Parts
 * are blocks of 32 keys of a key head.
 */
static void attention_backward_by_key(const struct call *call) {
  const int16_t *p16 = address(call, 0);
  const int32_t *d32 = address(call, 1);
  const int32_t *exponents = address(call, 2);
  const int8_t *q8 = address(call, 3);
  const int16_t *qe = address(call, 4);
  const int8_t *do8 = address(call, 5);
  const int16_t *doe = address(call, 6);
  const int32_t group = call->args[7];
  const int32_t length = call->args[8];
  const int32_t size = call->args[9];
  const int32_t value_size = call->args[10];
  int32_t *dk = address(call, 11);
  int16_t *km = address(call, 12);
  int32_t *dv = address(call, 13);
  int16_t *vm = address(call, 14);
  const int32_t stride = (length + 31) & ~31;
  const int32_t blocks = (length + BLOCK - 1) / BLOCK;
  int32_t *of_d = (int32_t *)(call->scratch + LEFT_OFFSET);
  int32_t *of_p = of_d + group * length;
  int8_t *left = (int8_t *)(of_p + group * length);
  for (int32_t unit = call->from; unit < call->to; unit++) {
    const int32_t key_head = unit / blocks;
    const int32_t j0 = balanced_block(unit - key_head * blocks, blocks) * BLOCK;
    const int32_t height = min_of(BLOCK, length - j0);
    const ptrdiff_t row0 = (ptrdiff_t)key_head * group * length;
    for (int32_t i = 0; i < group * length; i++) {
      of_d[i] = exponents[row0 + i] + qe[row0 + i];
      of_p[i] = doe[row0 + i] + 15;
    }
    /* Query j0 is the first that sees key j0. */
    const ptrdiff_t first = row0 + j0;
    const ptrdiff_t key = (ptrdiff_t)key_head * length + j0;
    const int32_t count = length - j0;
    const struct columns d = {d32 + first * stride + j0, false, stride, of_d + j0, count};
    gradient_by_key(d, q8 + first * size, size, group, length, height, dk + key * size, km + key,
                    left);
    const struct columns p = {p16 + first * stride + j0, true, stride, of_p + j0, count};
    gradient_by_key(p, do8 + first * value_size, value_size, group, length, height,
                    dv + key * value_size, vm + key, left);
  }
}

#endif
