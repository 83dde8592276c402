/**
 * The packed layout of ternary weights: blocks of 16 rows by 16 columns, one u32 per row of a block, four weights to a byte
 * (spec/arithmetic.md, layout P16). Byte b of a word holds columns b, 4 + b, 8 + b and 12 + b of the block, lowest bits
 * first, each weight plus one.
 */
export const BLOCK = 16;
const BLOCK_BYTES = 64;

/**
 * Packs 16 rows of a matrix.
 *
 * @param codes weight plus one (0, 1, 2) of 16 rows, row by row: [16 * columns]
 * @param columns a multiple of 16
 * @returns the blocks of these rows, left to right: 4 * columns bytes
 */
export function packRowsP16(codes: Uint8Array, columns: number): Uint8Array {
  const packed = new Uint8Array(4 * columns);
  let at = 0;
  for (let column = 0; column < columns; column += BLOCK) {
    for (let row = 0; row < BLOCK; row += 1) {
      const first = row * columns + column;
      for (let byte = 0; byte < 4; byte += 1) {
        const from = first + byte;
        packed[at] =
          codes[from]! |
          (codes[from + 4]! << 2) |
          (codes[from + 8]! << 4) |
          (codes[from + 12]! << 6);
        at += 1;
      }
    }
  }
  return packed;
}

/**
 * The storage of a matrix's transpose.
 *
 * @param storage P16 of [rows, columns], both multiples of 16
 * @returns P16 of [columns, rows]
 */
export function transposeP16(storage: Uint8Array, rows: number, columns: number): Uint8Array {
  const transposed = new Uint8Array(storage.length);
  const [down, across] = [rows / BLOCK, columns / BLOCK];
  for (let block = 0; block < down * across; block += 1) {
    const from = BLOCK_BYTES * block;
    const to = BLOCK_BYTES * ((block % across) * down + Math.floor(block / across));
    for (let column = 0; column < BLOCK; column += 1) {
      const shift = 2 * (column >> 2);
      for (let byte = 0; byte < 4; byte += 1) {
        // Rows byte, 4 + byte, 8 + byte and 12 + byte of one column become the four weights of a byte.
        const at = from + (column & 3) + 4 * byte;
        transposed[to + 4 * column + byte] =
          ((storage[at]! >> shift) & 3) |
          (((storage[at + 16]! >> shift) & 3) << 2) |
          (((storage[at + 32]! >> shift) & 3) << 4) |
          (((storage[at + 48]! >> shift) & 3) << 6);
      }
    }
  }
  return transposed;
}
