/**
 * How the tiles of a tensor lie in the bytes of some whole rows of them, as plain numbers: a host that hashes tiles where they lie has
 * to know no more (spec/encoding.md section 6).
 */
export interface Tiling {
  /** The 16 bytes before every tile: the byte of a leaf, then the header, whose last four bytes are left for the tile's index. */
  readonly header: Uint8Array;
  /** Index of the first tile. */
  readonly first: number;
  /** Bytes of a tile that lie together; the last tile of a row may have fewer. */
  readonly run: number;
  /** Runs of a tile; those of the last row of tiles may be fewer. */
  readonly runs: number;
  /** Bytes from a run of a tile to its next one; it divides the bytes of all. */
  readonly stride: number;
  /** Slots of a row of tiles, a power of two. */
  readonly rowSlots: number;
  /** The byte that stands in for those outside the tensor. */
  readonly fill: number;
}
