/** Kind `gemm` of ops/gemm.ts: partial sums of int8 rows. */
#ifndef R3MES_GEMM_H
#define R3MES_GEMM_H

#include "linear.h"

/**
 * Partial sums of int8 rows with b [columns, depth], a block of up to 32 columns of every chunk
 * beside each other. `kind` says how b lies: with BY_COLUMNS it is [depth, columns]. Parts are rows
 * of a, or (`by_columns`) columns of the product in steps of the block. Of decode.product each `shared`
 * rows of a have a b, one behind the other.
 */
static void gemm_rows(const struct call *call) {
  struct left_block block;
  const int8_t *a = address(call, 0);
  const int32_t kind = call->args[2];
  const int32_t rows = call->args[3];
  const int32_t depth = call->args[4];
  const int32_t columns = call->args[5];
  const int32_t chunk = call->args[6];
  int32_t *out = address(call, 7);
  const struct region part = region_of(call, rows, columns, call->args[8] != 0);
  const bool by_columns = (kind & BY_COLUMNS) != 0;
  const bool wide = (kind & WIDE) != 0;
  const bool narrow = wide && columns <= NARROW_COLUMNS;
  const int32_t shared = call->args[9];
  const int8_t *factors = address(call, 1);
  const ptrdiff_t factor_bytes = (ptrdiff_t)columns * depth * (wide ? 2 : 1);
  const int32_t count = (depth + chunk - 1) / chunk;
  const ptrdiff_t stride = (ptrdiff_t)columns * count;
  const int32_t lane = min_of(32, columns);
  /* With one chunk the blocks of columns lie as the columns do, and one call serves them all. */
  const int32_t step = count == 1 ? part.column_to - part.column_from : lane;
  int32_t height = 0;
  for (int32_t t = part.row_from; t < part.row_to; t += height) {
    const int32_t own = t / shared;
    height = min_of(min_of(BLOCK_ROWS, part.row_to - t), (own + 1) * shared - t);
    const struct right b = {factors + own * factor_bytes, by_columns ? columns : depth, kind};
    const bool packs = by_columns || (height >= PACK_ROWS_MIN && !narrow);
    for (int32_t begin = 0; begin < depth; begin += chunk) {
      const int32_t end = min_of(depth, begin + chunk);
      for (int32_t k = begin; k < end; k += PAIRS_DEPTH) {
        const int32_t steps = min_of(PAIRS_DEPTH, end - k);
        if (packs) lay_block((struct rows){a, depth, false}, t, height, k, steps, kind, &block);
        for (int32_t j = part.column_from; packs && j < part.column_to; j += step) {
          const int32_t column = count == 1 ? j : (j / lane * count + begin / chunk) * lane;
          const int32_t width = min_of(step, part.column_to - j);
          multiply_block(&block, b, j, width, k == begin, out + t * stride + column, stride);
        }
      }
      for (int32_t j = part.column_from; !packs && j < part.column_to; j += step) {
        const int32_t column = count == 1 ? j : (j / lane * count + begin / chunk) * lane;
        const int32_t width = min_of(step, part.column_to - j);
        const int8_t *left = a + (ptrdiff_t)t * depth + begin;
        const ptrdiff_t at = j * b.stride + begin;
        int32_t *to = out + t * stride + column;
        if (wide) {
          const int16_t *right = (const int16_t *)b.data + at;
          const struct wide_product product = {left, depth, right, b.stride, to, stride};
          rows_times_wide_rows(&product, height, width, end - begin);
          continue;
        }
        few_times_rows((struct narrow_rows){left, depth}, height,
                       (struct narrow_rows){(const int8_t *)b.data + at, b.stride}, to, stride,
                       width, end - begin);
      }
    }
  }
}

#endif
