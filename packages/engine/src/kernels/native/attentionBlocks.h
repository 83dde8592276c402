/** Attention is computed in blocks of 32 rows: where each lies, and the products of its rows. */
#ifndef R3MES_ATTENTION_BLOCKS_H
#define R3MES_ATTENTION_BLOCKS_H

#include "linear.h"

#define BLOCK 32

/** Block `index` of `count` so that neighbouring indices cost the same: first, last, second, .. */
static inline int32_t balanced_block(int32_t index, int32_t count) {
  return (index & 1) == 0 ? index >> 1 : count - 1 - (index >> 1);
}

/** Where a block of query rows lies: its head, its rows and the keys that it sees. */
struct query_block {
  int32_t head, first_row, height;
  int32_t sequence, in_sequence;
  /** Row 0 of its keys. */
  ptrdiff_t first_key;
};

static struct query_block query_block_at(int32_t unit, int32_t heads, int32_t group,
                                         int32_t queries, int32_t keys) {
  const int32_t blocks = (queries + BLOCK - 1) / BLOCK;
  struct query_block b;
  b.head = unit / blocks;
  b.first_row = balanced_block(unit - b.head * blocks, blocks) * BLOCK;
  b.height = min_of(BLOCK, queries - b.first_row);
  b.sequence = b.head / heads;
  b.in_sequence = b.head - b.sequence * heads;
  b.first_key = (ptrdiff_t)(b.sequence * (heads / group) + b.in_sequence / group) * keys;
  return b;
}

/** Products of `height` int8 rows with `width` int8 rows, both `size` long. */
static void row_products(const int8_t *a, const int8_t *b, int32_t size, int32_t *c, int32_t stride,
                         int32_t height, int32_t width) {
  const struct rows left = {a, size, false};
  const struct right right = {b, size, 0};
  multiply_rows(left, height, right, width, size, true, c, stride);
}

#endif
