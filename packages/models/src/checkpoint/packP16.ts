/**
 * The packed layout of ternary weights: blocks of 16 rows by 16 columns, one u32 per row of a block, four weights to a byte
 * (spec/arithmetic.md, layout P16). Byte b of a word holds columns b, 4 + b, 8 + b and 12 + b of the block, lowest bits
 * first, each weight plus one.
 */
export const BLOCK = 16;

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
  const codes = new Uint8Array(BLOCK * rows);
  for (let column = 0; column < columns; column += BLOCK) {
    for (let row = 0; row < rows; row += 1) {
      const block = (row >> 4) * (columns >> 4) + (column >> 4);
      const word = 64 * block + 4 * (row & 15);
      for (let i = 0; i < BLOCK; i += 1) {
        codes[i * rows + row] = (storage[word + (i & 3)]! >> (2 * (i >> 2))) & 3;
      }
    }
    transposed.set(packRowsP16(codes, rows), (column * rows) / 4);
  }
  return transposed;
}
