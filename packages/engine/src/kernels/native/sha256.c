/**
 * SHA-256 (FIPS 180-4), by the instructions for it where the processor has them, else in plain C.
 * Messages of one length are padded alike, so two can go through the instructions side by side: one
 * alone would wait for each round to end.
 */
#include "sha256.h"

#include <stdbool.h>
#include <string.h>

#define BLOCK_BYTES 64
/** Where the length of the message stands in its last block. */
#define LENGTH_OFFSET 56
/** Messages that are hashed side by side. */
#define STREAMS 2

/** First 32 bits of the fractional parts of the cube roots of the first 64 primes. */
static const uint32_t round_constants[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

/** First 32 bits of the fractional parts of the square roots of the first 8 primes. */
static const uint32_t initial_state[8] = {
    0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
};

/** Folds `count` blocks of each of 1 or 2 messages into its state. */
typedef void fold(int streams, uint32_t states[STREAMS][8], const uint8_t *const blocks[STREAMS],
                  size_t count);

static uint32_t read_word(const uint8_t *bytes) {
  return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

static void write_word(uint8_t *bytes, uint32_t word) {
  for (int i = 0; i < 4; i++) bytes[i] = (uint8_t)(word >> (24 - 8 * i));
}

static uint32_t rotate_right(uint32_t word, int count) {
  return word >> count | word << (32 - count);
}

/** Section 6.2.2, with its names: h is state[0] to state[7]. */
static void fold_block(uint32_t *state, const uint8_t *block) {
  uint32_t schedule[64];
  uint32_t h[8];
  for (int t = 0; t < 16; t++) schedule[t] = read_word(block + 4 * t);
  for (int t = 16; t < 64; t++) {
    const uint32_t near = schedule[t - 2];
    const uint32_t far = schedule[t - 15];
    const uint32_t lower1 = rotate_right(near, 17) ^ rotate_right(near, 19) ^ near >> 10;
    const uint32_t lower0 = rotate_right(far, 7) ^ rotate_right(far, 18) ^ far >> 3;
    schedule[t] = lower1 + schedule[t - 7] + lower0 + schedule[t - 16];
  }
  memcpy(h, state, sizeof h);
  for (int t = 0; t < 64; t++) {
    const uint32_t upper1 = rotate_right(h[4], 6) ^ rotate_right(h[4], 11) ^ rotate_right(h[4], 25);
    const uint32_t choice = (h[4] & h[5]) ^ (~h[4] & h[6]);
    const uint32_t first = h[7] + upper1 + choice + round_constants[t] + schedule[t];
    const uint32_t upper0 = rotate_right(h[0], 2) ^ rotate_right(h[0], 13) ^ rotate_right(h[0], 22);
    const uint32_t majority = (h[0] & h[1]) ^ (h[0] & h[2]) ^ (h[1] & h[2]);
    for (int i = 7; i > 0; i--) h[i] = h[i - 1];
    h[4] += first;
    h[0] = first + upper0 + majority;
  }
  for (int i = 0; i < 8; i++) state[i] += h[i];
}

static void fold_plain(int streams, uint32_t states[STREAMS][8],
                       const uint8_t *const blocks[STREAMS], size_t count) {
  for (int s = 0; s < streams; s++) {
    for (size_t i = 0; i < count; i++) fold_block(states[s], blocks[s] + BLOCK_BYTES * i);
  }
}

#if defined(__x86_64__)
#include <cpuid.h>
#include <immintrin.h>

#define SHA_INSTRUCTIONS __attribute__((target("sha,sse4.1")))

/** The instructions keep a state as two registers, whose highest words are a and c. */
SHA_INSTRUCTIONS static inline __attribute__((always_inline)) void
fold_streams(const int streams, uint32_t states[STREAMS][8], const uint8_t *const blocks[STREAMS],
             size_t count) {
  const __m128i bytes_of_words = _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203);
  __m128i abef[STREAMS];
  __m128i cdgh[STREAMS];
  __m128i words[STREAMS][4];
  for (int s = 0; s < streams; s++) {
    const int32_t *h = (const int32_t *)states[s];
    abef[s] = _mm_set_epi32(h[0], h[1], h[4], h[5]);
    cdgh[s] = _mm_set_epi32(h[2], h[3], h[6], h[7]);
  }
  for (size_t block = 0; block < count; block++) {
    __m128i abef_before[STREAMS];
    __m128i cdgh_before[STREAMS];
    for (int s = 0; s < streams; s++) {
      abef_before[s] = abef[s];
      cdgh_before[s] = cdgh[s];
      for (int i = 0; i < 4; i++) {
        const uint8_t *at = blocks[s] + BLOCK_BYTES * block + 16 * i;
        words[s][i] = _mm_shuffle_epi8(_mm_loadu_si128((const __m128i *)at), bytes_of_words);
      }
    }
#pragma GCC unroll 16
    for (int i = 0; i < 16; i++) {
      const __m128i constants = _mm_loadu_si128((const __m128i *)(round_constants + 4 * i));
#pragma GCC unroll 2
      for (int s = 0; s < streams; s++) {
        __m128i *now = &words[s][i & 3];
        if (i >= 4) {
          const __m128i last = words[s][(i + 3) & 3];
          const __m128i far = _mm_sha256msg1_epu32(*now, words[s][(i + 1) & 3]);
          const __m128i seven = _mm_alignr_epi8(last, words[s][(i + 2) & 3], 4);
          *now = _mm_sha256msg2_epu32(_mm_add_epi32(far, seven), last);
        }
        const __m128i both = _mm_add_epi32(*now, constants);
        cdgh[s] = _mm_sha256rnds2_epu32(cdgh[s], abef[s], both);
        abef[s] = _mm_sha256rnds2_epu32(abef[s], cdgh[s], _mm_shuffle_epi32(both, 0x0e));
      }
    }
    for (int s = 0; s < streams; s++) {
      abef[s] = _mm_add_epi32(abef[s], abef_before[s]);
      cdgh[s] = _mm_add_epi32(cdgh[s], cdgh_before[s]);
    }
  }
  for (int s = 0; s < streams; s++) {
    uint32_t first[4];
    uint32_t second[4];
    _mm_storeu_si128((__m128i *)first, abef[s]);
    _mm_storeu_si128((__m128i *)second, cdgh[s]);
    const uint32_t h[8] = {first[3],  first[2],  second[3], second[2],
                           first[1], first[0], second[1], second[0]};
    memcpy(states[s], h, sizeof h);
  }
}

/** Apart, so that all of a stream stays in registers. */
SHA_INSTRUCTIONS static void fold_instructions(int streams, uint32_t states[STREAMS][8],
                                               const uint8_t *const blocks[STREAMS],
                                               size_t count) {
  if (streams == 1) fold_streams(1, states, blocks, count);
  else fold_streams(STREAMS, states, blocks, count);
}

static bool has_instructions(void) {
  unsigned a = 0, b = 0, c = 0, d = 0;
  const bool has_sha = __get_cpuid_count(7, 0, &a, &b, &c, &d) && (b >> 29 & 1);
  const bool has_sse41 = __get_cpuid(1, &a, &b, &c, &d) && (c >> 19 & 1);
  return has_sha && has_sse41;
}

static fold *fold_all = fold_plain;

/**
 * Runs once, when the addon is loaded: a virtual machine takes longer to say what its processor has
 * than a message of a kilobyte takes to be hashed.
 */
__attribute__((constructor)) static void choose_fold(void) {
  if (has_instructions()) fold_all = fold_instructions;
}
#else
static fold *const fold_all = fold_plain;
#endif

/** What follows the last whole block of a message: the rest of it, a one, zeros, its length. */
static size_t pad(const uint8_t *rest, size_t length, uint8_t padded[2 * BLOCK_BYTES]) {
  const size_t left = length % BLOCK_BYTES;
  const size_t blocks = left < LENGTH_OFFSET ? 1 : 2;
  memset(padded, 0, 2 * BLOCK_BYTES);
  memcpy(padded, rest, left);
  padded[left] = 0x80;
  uint8_t *bits = padded + BLOCK_BYTES * (blocks - 1) + LENGTH_OFFSET;
  write_word(bits, (uint32_t)((uint64_t)length >> 29));
  write_word(bits + 4, (uint32_t)(length << 3));
  return blocks;
}

void r3mes_sha256_each(const uint8_t *messages, size_t length, size_t count, uint8_t *digests) {
  const size_t whole = length / BLOCK_BYTES;
  for (size_t first = 0; first < count; first += STREAMS) {
    const int streams = count - first < STREAMS ? 1 : STREAMS;
    uint32_t states[STREAMS][8];
    uint8_t padded[STREAMS][2 * BLOCK_BYTES];
    const uint8_t *blocks[STREAMS];
    const uint8_t *behind[STREAMS];
    size_t padded_blocks = 0;
    for (int s = 0; s < streams; s++) {
      memcpy(states[s], initial_state, sizeof initial_state);
      blocks[s] = messages + length * (first + s);
      padded_blocks = pad(blocks[s] + BLOCK_BYTES * whole, length, padded[s]);
      behind[s] = padded[s];
    }
    fold_all(streams, states, blocks, whole);
    fold_all(streams, states, behind, padded_blocks);
    for (int s = 0; s < streams; s++) {
      uint8_t *digest = digests + DIGEST_BYTES * (first + s);
      for (int i = 0; i < 8; i++) write_word(digest + 4 * i, states[s][i]);
    }
  }
}
