/** Rows by index: the kinds `embed` and `cache.append`. Parts are output rows. */
#ifndef R3MES_GATHER_H
#define R3MES_GATHER_H

#include "quantise.h"

/** Tokens of a batch: i32 [sequences, stride], `length` of them used in each. */
struct tokens {
  const int32_t *ids;
  int32_t stride;
  int32_t length;
  int32_t vocabulary;
};

/** Token of a row, `ahead` positions further; an id outside the vocabulary reads as 0. */
static inline int32_t token_at(struct tokens tokens, int32_t row, int32_t ahead) {
  const int32_t sequence = row / tokens.length;
  const ptrdiff_t at =
      (ptrdiff_t)sequence * tokens.stride + (row - sequence * tokens.length) + ahead;
  const int32_t token = tokens.ids[at];
  return token >= 0 && token < tokens.vocabulary ? token : 0;
}

/** Kind `embed`: x i32 [rows, columns] from a table [vocabulary, columns] of any format. */
static void embed_rows(const struct call *call) {
  const void *table = address(call, 3);
  const int32_t dtype = call->args[4];
  const struct tokens tokens = {address(call, 0), call->args[1], call->args[2], call->args[5]};
  const int32_t columns = call->args[6];
  int32_t *x = address(call, 7);
  for (int32_t row = call->from; row < call->to; row++) {
    const ptrdiff_t source = (ptrdiff_t)token_at(tokens, row, 0) * columns;
    int32_t *target = x + (ptrdiff_t)row * columns;
    for (int32_t j = 0; j < columns; j++) {
      target[j] = (int32_t)load_element(table, source + j, dtype);
    }
  }
}

/** Kind `cache.append`: rows of `row_bytes` bytes, `past` of each block before `next`. */
static void append_rows(const struct call *call) {
  const uint8_t *past = address(call, 0);
  const uint8_t *next = address(call, 1);
  const int32_t past_length = call->args[2];
  const int32_t next_length = call->args[3];
  const int32_t row_bytes = call->args[4];
  uint8_t *all = address(call, 5);
  const int32_t length = past_length + next_length;
  for (int32_t row = call->from; row < call->to; row++) {
    const int32_t block = row / length;
    const int32_t position = row - block * length;
    const bool is_past = position < past_length;
    const ptrdiff_t index = is_past ? (ptrdiff_t)block * past_length + position
                                    : (ptrdiff_t)block * next_length + position - past_length;
    const uint8_t *source = (is_past ? past : next) + index * row_bytes;
    memcpy(all + (ptrdiff_t)row * row_bytes, source, (size_t)row_bytes);
  }
}

#endif
