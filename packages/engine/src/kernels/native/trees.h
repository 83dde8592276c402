/** The trees over the tiles of a tensor (spec/encoding.md sections 4 and 6), read where they lie. */
#ifndef R3MES_TREES_H
#define R3MES_TREES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** The byte of a leaf, then the header of section 6. */
#define LEAF_HEADER_BYTES 16

/** `Tiling` of the protocol: how tiles lie in the bytes of some whole rows of them. */
struct tiling {
  /** The beginning of every leaf; its last four bytes are left for the index of the tile. */
  uint8_t header[LEAF_HEADER_BYTES];
  /** Index of the first tile. */
  uint32_t first;
  /** Bytes of a tile that lie together; the last tile of a row may have fewer. */
  uint32_t run;
  /** Runs of a tile; those of the last row of tiles may be fewer. */
  uint32_t runs;
  /** From a run of a tile to its next one. */
  uint32_t stride;
  /** Slots of a row of tiles, a power of two. */
  uint32_t row_slots;
  /** Stands in for bytes that lie outside the tensor. */
  uint8_t fill;
};

/** Slots up to that of the last tile. */
size_t r3mes_slots(const struct tiling *tiling, size_t length);

/** Fills the slots; those of no tile with zeros. Returns false if there is no memory. */
bool r3mes_hash_tiles(const struct tiling *tiling, const uint8_t *bytes, size_t length,
                      uint8_t *slots);

/** The root of the subtree of a height over them. Returns false if there is no memory. */
bool r3mes_root_of_tiles(const struct tiling *tiling, const uint8_t *bytes, size_t length,
                         uint32_t height, uint8_t *root);

#endif
