/**
 * Leaves are written out two at a time, in memory that stays in the nearest cache, because their
 * headers come between bytes that lie elsewhere and SHA-256 wants its blocks whole.
 */
#include "trees.h"

#include <stdlib.h>
#include <string.h>

#include "sha256.h"

#define LEAVES_AT_ONCE 2
/** The byte of a node, then its two children. */
#define NODE_BYTES (1 + 2 * DIGEST_BYTES)
#define NODES_AT_ONCE 64

static size_t round_up(size_t whole, size_t part) { return (whole + part - 1) / part; }

/** Tiles of a row of them. */
static size_t tiles_across(const struct tiling *tiling) {
  return round_up(tiling->stride, tiling->run);
}

static size_t rows_of_tiles(const struct tiling *tiling, size_t length) {
  return round_up(length / tiling->stride, tiling->runs);
}

size_t r3mes_slots(const struct tiling *tiling, size_t length) {
  const size_t rows = rows_of_tiles(tiling, length);
  return rows == 0 ? 0 : (rows - 1) * tiling->row_slots + tiles_across(tiling);
}

/** The leaf of the tile of a row and a column. */
static void write_leaf(const struct tiling *tiling, const uint8_t *bytes, size_t length, size_t row,
                       size_t column, uint8_t *leaf) {
  const uint32_t index = (uint32_t)(tiling->first + row * tiling->row_slots + column);
  const size_t left = column * tiling->run;
  const size_t room = tiling->stride - left;
  const size_t width = room < tiling->run ? room : tiling->run;
  const size_t below = length / tiling->stride - row * tiling->runs;
  const size_t runs = below < tiling->runs ? below : tiling->runs;
  const uint8_t *from = bytes + row * tiling->runs * tiling->stride + left;
  uint8_t *to = leaf + LEAF_HEADER_BYTES;
  memcpy(leaf, tiling->header, LEAF_HEADER_BYTES);
  for (int i = 0; i < 4; i++) leaf[LEAF_HEADER_BYTES - 4 + i] = (uint8_t)(index >> 8 * i);
  if (width < tiling->run || runs < tiling->runs) {
    memset(to, tiling->fill, (size_t)tiling->run * tiling->runs);
  }
  for (size_t i = 0; i < runs; i++) {
    memcpy(to + i * tiling->run, from + i * tiling->stride, width);
  }
}

bool r3mes_hash_tiles(const struct tiling *tiling, const uint8_t *bytes, size_t length,
                      uint8_t *slots) {
  const size_t leaf_bytes = LEAF_HEADER_BYTES + (size_t)tiling->run * tiling->runs;
  const size_t across = tiles_across(tiling);
  const size_t rows = rows_of_tiles(tiling, length);
  uint8_t *leaves = malloc(LEAVES_AT_ONCE * leaf_bytes);
  if (leaves == NULL) return false;
  memset(slots, 0, r3mes_slots(tiling, length) * DIGEST_BYTES);
  for (size_t row = 0; row < rows; row++) {
    for (size_t column = 0; column < across; column += LEAVES_AT_ONCE) {
      const size_t left = across - column;
      const size_t count = left < LEAVES_AT_ONCE ? left : LEAVES_AT_ONCE;
      for (size_t i = 0; i < count; i++) {
        write_leaf(tiling, bytes, length, row, column + i, leaves + i * leaf_bytes);
      }
      uint8_t *digests = slots + (row * tiling->row_slots + column) * DIGEST_BYTES;
      r3mes_sha256_each(leaves, leaf_bytes, count, digests);
    }
  }
  free(leaves);
  return true;
}

/**
 * Writes the parents of `count` nodes over them and returns how many they are; `empty` stands in
 * where the last node has no right neighbour. A parent lies before its children, which are read
 * first.
 */
static size_t replace_by_parents(uint8_t *nodes, size_t count, const uint8_t *empty) {
  uint8_t preimages[NODES_AT_ONCE * NODE_BYTES];
  const size_t parents = round_up(count, 2);
  for (size_t first = 0; first < parents; first += NODES_AT_ONCE) {
    const size_t left = parents - first;
    const size_t some = left < NODES_AT_ONCE ? left : NODES_AT_ONCE;
    for (size_t i = 0; i < some; i++) {
      const size_t child = 2 * (first + i);
      uint8_t *preimage = preimages + i * NODE_BYTES;
      preimage[0] = 1;
      memcpy(preimage + 1, nodes + child * DIGEST_BYTES, DIGEST_BYTES);
      const uint8_t *right = child + 1 < count ? nodes + (child + 1) * DIGEST_BYTES : empty;
      memcpy(preimage + 1 + DIGEST_BYTES, right, DIGEST_BYTES);
    }
    r3mes_sha256_each(preimages, NODE_BYTES, some, nodes + first * DIGEST_BYTES);
  }
  return parents;
}

bool r3mes_root_of_tiles(const struct tiling *tiling, const uint8_t *bytes, size_t length,
                         uint32_t height, uint8_t *root) {
  size_t count = r3mes_slots(tiling, length);
  uint8_t *nodes = malloc(count * DIGEST_BYTES);
  if (nodes == NULL) return false;
  const bool hashed = r3mes_hash_tiles(tiling, bytes, length, nodes);
  // An empty slot is zeros, an empty subtree the parent of two lower ones.
  uint8_t empty[2 * DIGEST_BYTES] = {0};
  for (uint32_t below = 0; hashed && below < height; below++) {
    count = replace_by_parents(nodes, count, empty);
    memcpy(empty + DIGEST_BYTES, empty, DIGEST_BYTES);
    replace_by_parents(empty, 2, empty);
  }
  memcpy(root, nodes, DIGEST_BYTES);
  free(nodes);
  return hashed;
}
