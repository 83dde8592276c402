/**
 * The fixed chunks of a program. They are part of the program and so of consensus: they decide which partial results have
 * names, never a value. Each keeps a tile's inputs and proofs within 160 KiB at hidden 2560 and ffn 6912.
 */
export const CHUNK = {
  /** Columns of a row statistic. */
  columns: 1024,
  /** Key or query positions of an attention statistic. */
  positions: 256,
  /** Columns of a product with a 12-bit factor. */
  factor: 1024,
  /** Vocabulary of a product with the head. */
  head: 2048,
  /** Tokens of a partial gradient. */
  tokens: 1024,
  /** Tokens of a magnitude over all tokens. */
  fold: 256,
  /** Columns of the magnitude of a factor. */
  factorColumns: 512,
  /** Rows of a sum over tokens. */
  rows: 256,
} as const;
