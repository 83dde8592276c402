/**
 * Randomness as a parameter. Salts, keys and jitter take a `Randomness`, so that a test can fix it.
 * What the protocol draws comes from the chain's beacon, never from here.
 */
export type Randomness = {
  /** Fresh bytes that nobody can predict (nor can two calls repeat). */
  readonly bytes: (length: number) => Uint8Array;
};
