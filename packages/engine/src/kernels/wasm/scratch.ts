/**
 * How a thread's scratch is divided. The host reserves `scratchBytes` of backends/wasm/scratch.ts,
 * which states the same sizes; a kernel uses what it needs and keeps nothing between calls.
 */

/** A decoded or packed panel, 8 KiB, and behind it the block that receives a cut last panel. */
export const PANEL_OFFSET: usize = 0;
/** i32 sums of the rows of one block. */
export const SUMS_OFFSET: usize = 16 << 10;
/** A strip of i32 results, `STRIP_COLUMNS` wide, for the rows of one block. */
export const STRIP_OFFSET: usize = 32 << 10;
export const STRIP_COLUMNS: i32 = 128;
/** A block of left operands, widened to i16 or transposed; the rest of the scratch. */
export const LEFT_OFFSET: usize = 192 << 10;

export const BLOCK_ROWS_MAX: i32 = 128;
export const BLOCK_ROWS_MIN: i32 = 32;
export const LEFT_BYTES: i32 = 256 << 10;

/** Rows of a block: a left operand of about 256 KiB, which stays in the second cache level. */
export function rowsPerBlock(rowBytes: i32): i32 {
  const rows = (LEFT_BYTES / max(rowBytes, 1)) & ~3;
  return max(BLOCK_ROWS_MIN, min(BLOCK_ROWS_MAX, rows));
}
