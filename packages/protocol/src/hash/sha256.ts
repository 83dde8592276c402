/**
 * SHA-256 (FIPS 180-4). It is written here because trees hash many short messages, and a call into a
 * library or the host costs several times the compression itself (docs/benchmarks.md). Whatever hashes
 * much takes a `Sha256` as a dependency, so that a host with something faster can pass it in.
 */
import type { Tiling } from "../merkle/tiling.ts";

/** The 32-byte digest of the bytes. Must not keep the bytes, and must return a fresh array each time. */
export interface Sha256 {
  (bytes: Uint8Array): Uint8Array;
  /**
   * The digests of many messages of `length` bytes that lie one behind the other, in their order. Only a host that saves the price of
   * a call for each of them has it; `hashEach` works with either.
   */
  readonly each?: (messages: Uint8Array, length: number) => Uint8Array;
  /** What a host can do with tiles where they lie; the engine does it by its own code elsewhere. */
  readonly tiles?: {
    /** Slots up to that of the last tile; those of no tile are zeros. */
    slots(bytes: Uint8Array, tiling: Tiling): Uint8Array;
    /** The root of the subtree of a height over them. */
    top(bytes: Uint8Array, tiling: Tiling, height: number): Uint8Array;
    /** As `top`, beside the caller, who leaves the bytes alone until it is there. */
    root(bytes: Uint8Array, tiling: Tiling, height: number): Promise<Uint8Array>;
  };
}

const blockBytes = 64;
/** Where the length of the message stands in its last block. */
const lengthOffset = 56;

/** First 32 bits of the fractional parts of the cube roots of the first 64 primes. */
// biome-ignore format: eight to a row
const roundConstants = Int32Array.of(
  0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
  0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
  0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
  0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
  0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
  0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
  0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
  0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
);

/** First 32 bits of the fractional parts of the square roots of the first 8 primes. */
// biome-ignore format: eight to a row
const initialState = Int32Array.of(
  0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
);

// Scratch of one call: the function neither yields nor calls out, so calls never overlap.
const state = new Int32Array(8);
const schedule = new Int32Array(64);
const lastBlock = new Uint8Array(blockBytes);

export const sha256: Sha256 = (bytes) => {
  state.set(initialState);
  let offset = 0;
  for (; offset + blockBytes <= bytes.length; offset += blockBytes) compress(bytes, offset);
  const rest = bytes.length - offset;
  lastBlock.fill(0);
  for (let i = 0; i < rest; i++) lastBlock[i] = bytes[offset + i]!;
  lastBlock[rest] = 0x80;
  if (rest >= lengthOffset) {
    compress(lastBlock, 0);
    lastBlock.fill(0);
  }
  writeWord(lastBlock, lengthOffset, Math.floor(bytes.length / 2 ** 29));
  writeWord(lastBlock, lengthOffset + 4, bytes.length << 3);
  compress(lastBlock, 0);
  const digest = new Uint8Array(32);
  for (let i = 0; i < 8; i++) writeWord(digest, 4 * i, state[i]!);
  return digest;
};

/** Folds one block into the state: FIPS 180-4 section 6.2.2, with its names. */
function compress(bytes: Uint8Array, offset: number): void {
  expandSchedule(bytes, offset);
  let a = state[0]!;
  let b = state[1]!;
  let c = state[2]!;
  let d = state[3]!;
  let e = state[4]!;
  let f = state[5]!;
  let g = state[6]!;
  let h = state[7]!;
  for (let t = 0; t < 64; t++) {
    const upper1 = rotateRight(e, 6) ^ rotateRight(e, 11) ^ rotateRight(e, 25);
    const choice = (e & f) ^ (~e & g);
    const first = (h + upper1 + choice + roundConstants[t]! + schedule[t]!) | 0;
    const upper0 = rotateRight(a, 2) ^ rotateRight(a, 13) ^ rotateRight(a, 22);
    const majority = (a & b) ^ (a & c) ^ (b & c);
    h = g;
    g = f;
    f = e;
    e = (d + first) | 0;
    d = c;
    c = b;
    b = a;
    a = (first + upper0 + majority) | 0;
  }
  state[0] = state[0]! + a;
  state[1] = state[1]! + b;
  state[2] = state[2]! + c;
  state[3] = state[3]! + d;
  state[4] = state[4]! + e;
  state[5] = state[5]! + f;
  state[6] = state[6]! + g;
  state[7] = state[7]! + h;
}

function expandSchedule(bytes: Uint8Array, offset: number): void {
  for (let t = 0; t < 16; t++) {
    const at = offset + 4 * t;
    schedule[t] =
      (bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!;
  }
  for (let t = 16; t < 64; t++) {
    const near = schedule[t - 2]!;
    const far = schedule[t - 15]!;
    const lower1 = rotateRight(near, 17) ^ rotateRight(near, 19) ^ (near >>> 10);
    const lower0 = rotateRight(far, 7) ^ rotateRight(far, 18) ^ (far >>> 3);
    schedule[t] = lower1 + schedule[t - 7]! + lower0 + schedule[t - 16]!;
  }
}

function rotateRight(word: number, count: number): number {
  return (word >>> count) | (word << (32 - count));
}

function writeWord(bytes: Uint8Array, offset: number, word: number): void {
  bytes[offset] = word >>> 24;
  bytes[offset + 1] = word >>> 16;
  bytes[offset + 2] = word >>> 8;
  bytes[offset + 3] = word;
}
