/** The inner products on AVX2; see tiles.h for what each has to do. */
#include <immintrin.h>

#define TILE_ROWS 4
/**
 * An i16 lane gathers two products a step, in [2 * 2 * -128, 2 * 2 * 127] = [-512, 508]; 64 steps
 * of four inputs stay in [-32768, 32512], so neither the pair sum saturates nor a lane wraps.
 */
#define CODES_DEPTH 256

static inline __m256i load(const void *from) { return _mm256_loadu_si256(from); }
static inline void store(void *to, __m256i x) { _mm256_storeu_si256(to, x); }

static inline __m256i splat_four(const void *from) {
  int32_t word;
  memcpy(&word, from, 4);
  return _mm256_set1_epi32(word);
}

static void tile_codes(const int8_t *left, const uint8_t *panel, int32_t depth,
                       const int32_t *initial, int32_t *c, ptrdiff_t stride) {
  __m256i low[TILE_ROWS];
  __m256i high[TILE_ROWS];
#pragma GCC unroll 4
  for (int32_t r = 0; r < TILE_ROWS; r++) low[r] = high[r] = _mm256_setzero_si256();
#pragma GCC unroll 2
  for (int32_t k = 0; k < depth; k += 4, left += 4 * TILE_ROWS, panel += 4 * PANEL_COLUMNS) {
    const __m256i b0 = load(panel);
    const __m256i b1 = load(panel + 32);
#pragma GCC unroll 4
    for (int32_t r = 0; r < TILE_ROWS; r++) {
      const __m256i a = splat_four(left + 4 * r);
      low[r] = _mm256_add_epi16(low[r], _mm256_maddubs_epi16(b0, a));
      high[r] = _mm256_add_epi16(high[r], _mm256_maddubs_epi16(b1, a));
    }
  }
  const __m256i one = _mm256_set1_epi16(1);
#pragma GCC unroll 4
  for (int32_t r = 0; r < TILE_ROWS; r++, c += stride) {
    const __m256i x = initial == NULL ? load(c) : _mm256_set1_epi32(initial[r]);
    const __m256i y = initial == NULL ? load(c + 8) : x;
    store(c, _mm256_add_epi32(x, _mm256_madd_epi16(low[r], one)));
    store(c + 8, _mm256_add_epi32(y, _mm256_madd_epi16(high[r], one)));
  }
}

static void tile_pairs(const int16_t *left, const int16_t *panel, int32_t depth, bool fresh,
                       int32_t *c, ptrdiff_t stride) {
  __m256i low[TILE_ROWS];
  __m256i high[TILE_ROWS];
#pragma GCC unroll 4
  for (int32_t r = 0; r < TILE_ROWS; r++) {
    low[r] = fresh ? _mm256_setzero_si256() : load(c + r * stride);
    high[r] = fresh ? _mm256_setzero_si256() : load(c + r * stride + 8);
  }
#pragma GCC unroll 2
  for (int32_t k = 0; k < depth; k += 2, left += 2 * TILE_ROWS, panel += 2 * PANEL_COLUMNS) {
    const __m256i b0 = load(panel);
    const __m256i b1 = load(panel + 16);
#pragma GCC unroll 4
    for (int32_t r = 0; r < TILE_ROWS; r++) {
      const __m256i a = splat_four(left + 2 * r);
      low[r] = _mm256_add_epi32(low[r], _mm256_madd_epi16(b0, a));
      high[r] = _mm256_add_epi32(high[r], _mm256_madd_epi16(b1, a));
    }
  }
#pragma GCC unroll 4
  for (int32_t r = 0; r < TILE_ROWS; r++, c += stride) {
    store(c, low[r]);
    store(c + 8, high[r]);
  }
}

static void row_codes(const int8_t *a, const uint32_t *words, int32_t depth, int32_t initial,
                      int32_t *c) {
  const __m256i mask = _mm256_set1_epi8(3);
  const __m256i one = _mm256_set1_epi16(1);
  __m256i c0 = _mm256_set1_epi32(initial);
  __m256i c1 = c0;
  for (int32_t k = 0; k < depth; k += CODES_DEPTH) {
    __m256i low = _mm256_setzero_si256();
    __m256i high = low;
    const int32_t end = min_of(depth, k + CODES_DEPTH);
    for (int32_t i = k; i < end; i += 16, words += 16) {
      const __m256i x = load(words);
      const __m256i y = load(words + 8);
#pragma GCC unroll 4
      for (int32_t field = 0; field < 4; field++) {
        const __m256i v = splat_four(a + i + 4 * field);
        const __m256i p = _mm256_and_si256(_mm256_srli_epi16(x, 2 * field), mask);
        const __m256i q = _mm256_and_si256(_mm256_srli_epi16(y, 2 * field), mask);
        low = _mm256_add_epi16(low, _mm256_maddubs_epi16(p, v));
        high = _mm256_add_epi16(high, _mm256_maddubs_epi16(q, v));
      }
    }
    c0 = _mm256_add_epi32(c0, _mm256_madd_epi16(low, one));
    c1 = _mm256_add_epi32(c1, _mm256_madd_epi16(high, one));
  }
  store(c, c0);
  store(c + 8, c1);
}
