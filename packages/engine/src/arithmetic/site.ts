/** Who asks for noise (spec/encoding.md section 8). A number is never given to a second use. */
export const SITE = {
  /** Rounding of dlogits: row is the token in the batch, column the vocabulary index. */
  dlogits: 1,
  /** Choice of a token of an answer (spec/inference.md): row is its position, column the word of the draw. */
  sampling: 2,
  /** First values of the factors A: this plus the position of the factor among the state tensors; row, column. */
  factors: 65536,
} as const;
