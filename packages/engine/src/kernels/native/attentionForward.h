/**
 * Causal attention from heads to context, block by block, with the scores and weights of a block computed once.
 * The numbers are those of attention.h, which defines them one operation at a time.
 */
#ifndef R3MES_ATTENTION_FORWARD_H
#define R3MES_ATTENTION_FORWARD_H

#include "attentionBlocks.h"
#include "attentionContext.h"
#include "attentionRows.h"

/**
 * From heads to context: the kinds `attention.max`, `.sum`, `.weights` and `.context` with their
 * reductions. Parts are blocks of 32 query rows of a head. `row_max` and `row_sum` may be absent.
 */
static void attention_forward(const struct call *call) {
  const int8_t *q8 = address(call, 0);
  const int16_t *qe = address(call, 1);
  const int8_t *k8 = address(call, 2);
  const int16_t *ke = address(call, 3);
  const int16_t *v = address(call, 4);
  const int16_t *ve = address(call, 5);
  const int16_t *prefix = address(call, 6);
  int32_t *row_max = optional(call, 7);
  int32_t *row_sum = optional(call, 8);
  const int32_t heads = call->args[9];
  const int32_t queries = call->args[11];
  const int32_t keys = call->args[12];
  const int32_t size = call->args[13];
  const int32_t scale = call->args[14];
  const int32_t *table = address(call, 15);
  int32_t *out = address(call, 16);
  const int32_t stride = (keys + 31) & ~31;
  int32_t *key_values = (int32_t *)(call->scratch + LEFT_OFFSET);
  int32_t *value_values = key_values + stride;
  int32_t *scores = value_values + stride;
  int16_t *weights = (int16_t *)(scores + (ptrdiff_t)BLOCK * stride);
  int32_t *narrow = (int32_t *)(weights + (ptrdiff_t)BLOCK * stride);
  int64_t *sums = (int64_t *)(narrow + BLOCK * size);
  for (int32_t unit = call->from; unit < call->to; unit++) {
    const struct query_block b = query_block_at(unit, heads, call->args[10], queries, keys);
    const int32_t seen = keys - queries + b.first_row;
    const int32_t width = min_of(keys, seen + b.height);
    const ptrdiff_t row0 = (ptrdiff_t)b.head * queries + b.first_row;
    row_products(q8 + row0 * size, k8 + b.first_key * size, size, scores, stride, b.height, width);
    const struct exponents by_key = exponents_of(ke + b.first_key, width, key_values);
    const struct exponents by_value = exponents_of(ve + b.first_key, width, value_values);
    uint32_t totals[BLOCK];
    for (int32_t i = 0; i < b.height; i++) {
      int32_t *row = scores + (ptrdiff_t)i * stride;
      const int32_t count = seen + i + 1;
      const int32_t best = score_row(row, count, scale, qe[row0 + i], &by_key);
      const int32_t align = prefix[b.first_key + count - 1];
      totals[i] = weigh_row(row, count, width, best, table, align, &by_value,
                            weights + (ptrdiff_t)i * stride);
      if (row_max != NULL) row_max[row0 + i] = best;
      if (row_sum != NULL) row_sum[row0 + i] = (int32_t)totals[i];
    }
    memset(sums, 0, 8 * (size_t)(b.height * size));
    add_context(weights, stride, b.height, v + b.first_key * size, width, size, narrow, sums);
    for (int32_t i = 0; i < b.height; i++) {
      const ptrdiff_t token = (ptrdiff_t)b.sequence * queries + b.first_row + i;
      int32_t *target = out + (token * heads + b.in_sequence) * size;
      store_context(sums + i * size, size, totals[i], prefix[b.first_key + seen + i], target);
    }
  }
}

#endif
