/** Decoding with a cache that is filled to a position: the kinds of ops/decode.ts. */
#ifndef R3MES_DECODE_H
#define R3MES_DECODE_H

#include "attentionContext.h"
#include "attentionRows.h"

/** Kind `cache.write`, in place. Parts are the new rows [head, position] of `row_bytes` bytes. */
static void cache_rows(const struct call *call) {
  uint8_t *cache = address(call, 0);
  const uint8_t *next = address(call, 1);
  const int32_t *past = address(call, 2);
  const int32_t capacity = call->args[3];
  const int32_t length = call->args[4];
  const int32_t row_bytes = call->args[5];
  for (int32_t row = call->from; row < call->to; row++) {
    const int32_t head = row / length;
    const ptrdiff_t target = (ptrdiff_t)head * capacity + past[0] + (row - head * length);
    memcpy(cache + target * row_bytes, next + (ptrdiff_t)row * row_bytes, (size_t)row_bytes);
  }
}

/** Exponents of the cached and the new rows of one head, side by side. */
static struct exponents join_exponents(const int16_t *cached, const int16_t *fresh, int32_t past,
                                       int32_t count, int32_t *values) {
  const int32_t of_cached = widen_exponents(cached, past, values);
  const int32_t of_fresh = widen_exponents(fresh, count - past, values + past);
  const int32_t low = min_of(of_cached, of_fresh);
  fill_behind(values, count, low);
  return (struct exponents){values, low};
}

/**
 * Kind `decode.attention`: o i32 [length, heads * valueSize]. Parts are query rows [head,
 * position]. Cached rows are [key head, capacity], new ones [key head, length].
 */
static void decode_attention(const struct call *call) {
  const int8_t *q8 = address(call, 0);
  const int16_t *qe = address(call, 1);
  const int8_t *k8 = address(call, 2);
  const int16_t *ke = address(call, 3);
  const int16_t *v = address(call, 4);
  const int16_t *ve = address(call, 5);
  const int8_t *past_k8 = address(call, 6);
  const int16_t *past_ke = address(call, 7);
  const int16_t *past_v = address(call, 8);
  const int16_t *past_ve = address(call, 9);
  const int32_t past = *(const int32_t *)address(call, 10);
  const int32_t heads = call->args[11];
  const int32_t group = call->args[12];
  const int32_t length = call->args[13];
  const int32_t capacity = call->args[14];
  const int32_t size = call->args[15];
  const int32_t value_size = call->args[16];
  const int32_t scale = call->args[17];
  const int32_t *table = address(call, 18);
  int32_t *out = address(call, 19);
  const int32_t room = whole_vectors(capacity + length);
  int32_t *values = (int32_t *)(call->scratch + LEFT_OFFSET);
  int32_t *scores = values + room;
  int16_t *weights = (int16_t *)(scores + room);
  int32_t *narrow = (int32_t *)(weights + room);
  int64_t *sums = (int64_t *)(narrow + ((value_size + 1) & ~1));
  for (int32_t row = call->from; row < call->to; row++) {
    const int32_t head = row / length;
    const int32_t i = row - head * length;
    const int32_t count = past + i + 1;
    const ptrdiff_t cached = (ptrdiff_t)(head / group) * capacity;
    const ptrdiff_t fresh = (ptrdiff_t)(head / group) * length;
    const struct narrow_rows query = {q8 + (ptrdiff_t)row * size, size};
    const struct narrow_rows cached_keys = {past_k8 + cached * size, size};
    const struct narrow_rows fresh_keys = {k8 + fresh * size, size};
    few_times_rows(query, 1, cached_keys, scores, past, past, size);
    few_times_rows(query, 1, fresh_keys, scores + past, i + 1, i + 1, size);
    const struct exponents by_key =
        join_exponents(past_ke + cached, ke + fresh, past, count, values);
    const int32_t best = score_row(scores, count, scale, qe[row], &by_key);
    const uint32_t sum = exponential_row(scores, count, best, table);
    const struct exponents by_value =
        join_exponents(past_ve + cached, ve + fresh, past, count, values);
    const int32_t align = 30 - by_value.low;
    weight_row(scores, count, count, align, &by_value, weights);
    memset(sums, 0, 8 * (size_t)value_size);
    add_context(weights, past, 1, past_v + cached * value_size, past, value_size, narrow, sums);
    add_context(weights + past, i + 1, 1, v + fresh * value_size, i + 1, value_size, narrow, sums);
    store_context(sums, value_size, sum, align, out + (ptrdiff_t)(i * heads + head) * value_size);
  }
}

#endif
