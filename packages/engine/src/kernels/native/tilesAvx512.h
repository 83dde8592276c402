/** The inner products on AVX-512 with VNNI; see tiles.h for what each has to do. */
#include <immintrin.h>

#define TILE_ROWS 12
#define CODES_DEPTH 1024
#define EXACT_TILES

static inline __m512i splat_four(const void *from) {
  int32_t word;
  memcpy(&word, from, 4);
  return _mm512_set1_epi32(word);
}

/** `loop`, whose count of rows is then known to the compiler, for 4, 8 or all rows of a tile. */
#define FOR_ROWS(rows, loop, ...)   \
  do {                              \
    if ((rows) == TILE_ROWS)        \
      loop(TILE_ROWS, __VA_ARGS__); \
    else if ((rows) == 8)           \
      loop(8, __VA_ARGS__);         \
    else                            \
      loop(4, __VA_ARGS__);         \
  } while (0)

/** See tile_bytes_of in tiles.h; `initial` may be absent. */
static inline __attribute__((always_inline)) void byte_loop(
    int32_t rows, const int8_t *left, const uint8_t *panel, int32_t depth, const int32_t *initial,
    bool fresh, int32_t *c, ptrdiff_t stride) {
  __m512i sums[TILE_ROWS];
#pragma GCC unroll 12
  for (int32_t r = 0; r < rows; r++) {
    sums[r] = initial == NULL ? _mm512_setzero_si512() : _mm512_set1_epi32(initial[r]);
    if (!fresh) sums[r] = _mm512_add_epi32(sums[r], _mm512_loadu_si512(c + r * stride));
  }
  for (int32_t k = 0; k < depth; k += 4, left += 4 * TILE_ROWS, panel += 4 * PANEL_COLUMNS) {
    const __m512i b = _mm512_loadu_si512(panel);
#pragma GCC unroll 12
    for (int32_t r = 0; r < rows; r++) {
      sums[r] = _mm512_dpbusd_epi32(sums[r], b, splat_four(left + 4 * r));
    }
  }
#pragma GCC unroll 12
  for (int32_t r = 0; r < rows; r++) _mm512_storeu_si512(c + r * stride, sums[r]);
}

static inline __attribute__((always_inline)) void pair_loop(
    int32_t rows, const int16_t *left, const int16_t *panel, int32_t depth, bool fresh, int32_t *c,
    ptrdiff_t stride) {
  __m512i sums[TILE_ROWS];
#pragma GCC unroll 12
  for (int32_t r = 0; r < rows; r++) {
    sums[r] = fresh ? _mm512_setzero_si512() : _mm512_loadu_si512(c + r * stride);
  }
  for (int32_t k = 0; k < depth; k += 2, left += 2 * TILE_ROWS, panel += 2 * PANEL_COLUMNS) {
    const __m512i b = _mm512_loadu_si512(panel);
#pragma GCC unroll 12
    for (int32_t r = 0; r < rows; r++) {
      sums[r] = _mm512_dpwssd_epi32(sums[r], b, splat_four(left + 2 * r));
    }
  }
#pragma GCC unroll 12
  for (int32_t r = 0; r < rows; r++) _mm512_storeu_si512(c + r * stride, sums[r]);
}

/* Inlined into a caller with many values of its own, its sums do not stay in registers. */
static __attribute__((noinline)) void tile_bytes_of(int32_t rows, const int8_t *left, const uint8_t *panel, int32_t depth,
                          const int32_t *initial, bool fresh, int32_t *c, ptrdiff_t stride) {
  FOR_ROWS(rows, byte_loop, left, panel, depth, initial, fresh, c, stride);
}

static void tile_codes_of(int32_t rows, const int8_t *left, const uint8_t *panel, int32_t depth,
                          const int32_t *initial, int32_t *c, ptrdiff_t stride) {
  tile_bytes_of(rows, left, panel, depth, initial, initial != NULL, c, stride);
}

static void tile_codes(const int8_t *left, const uint8_t *panel, int32_t depth,
                       const int32_t *initial, int32_t *c, ptrdiff_t stride) {
  tile_codes_of(TILE_ROWS, left, panel, depth, initial, c, stride);
}

static void tile_pairs_of(int32_t rows, const int16_t *left, const int16_t *panel, int32_t depth,
                          bool fresh, int32_t *c, ptrdiff_t stride) {
  FOR_ROWS(rows, pair_loop, left, panel, depth, fresh, c, stride);
}

static void tile_pairs(const int16_t *left, const int16_t *panel, int32_t depth, bool fresh,
                       int32_t *c, ptrdiff_t stride) {
  tile_pairs_of(TILE_ROWS, left, panel, depth, fresh, c, stride);
}

/** Most rows of a ternary product that are read as they lie, beside packed words. */
#define FEW_ROWS 8

/**
 * From so many rows on, codes of two blocks of 16 columns meet each value of a row that is read, and
 * the processor is told which words come next: two runs of memory are more than it foresees.
 */
#define PAIR_ROWS 4

/**
 * `rows_codes` of tiles.h for a count of rows and of blocks of 16 columns that the compiler
 * knows. Few rows have up to four sums each, in turn: a product waits for the one before it in the
 * same sum.
 */
static inline __attribute__((always_inline)) void rows_loop(int32_t rows, int32_t blocks,
                                                            const int8_t *a, ptrdiff_t a_stride,
                                                            const uint32_t *words, int32_t depth,
                                                            const int32_t *initial, int32_t *c,
                                                            ptrdiff_t c_stride,
                                                            const struct ahead *ahead) {
  const int32_t turns = rows == 1 ? 4 : rows < PAIR_ROWS ? 2 : 1;
  const int32_t sums = rows * blocks;
  const __m512i mask = _mm512_set1_epi8(3);
  const int32_t share = ahead->count * 16 / depth + 1;
  int32_t asked = 0;
  __m512i held[2 * FEW_ROWS];
#pragma GCC unroll 16
  for (int32_t i = 0; i < sums * turns; i++) {
    held[i] = i < sums ? _mm512_set1_epi32(initial[i % rows]) : _mm512_setzero_si512();
  }
  for (int32_t k = 0; k < depth; k += 16, words += 16) {
    __m512i x[2];
    if (blocks == 2) asked = ask_ahead(ahead, asked, share);
#pragma GCC unroll 2
    for (int32_t n = 0; n < blocks; n++) {
      x[n] = _mm512_loadu_si512(words + n * (ptrdiff_t)depth);
      if (blocks == 2) __builtin_prefetch(words + (n + blocks) * (ptrdiff_t)depth, 0, 2);
    }
#pragma GCC unroll 4
    for (int32_t field = 0; field < 4; field++) {
      const int32_t turn = field % turns * sums;
      __m512i codes[2];
#pragma GCC unroll 2
      for (int32_t n = 0; n < blocks; n++) {
        codes[n] = _mm512_and_si512(_mm512_srli_epi16(x[n], (uint32_t)(2 * field)), mask);
      }
#pragma GCC unroll 8
      for (int32_t r = 0; r < rows; r++) {
        const __m512i by = splat_four(a + r * a_stride + k + 4 * field);
#pragma GCC unroll 2
        for (int32_t n = 0; n < blocks; n++) {
          const int32_t at = turn + n * rows + r;
          held[at] = _mm512_dpbusd_epi32(held[at], codes[n], by);
        }
      }
    }
  }
#pragma GCC unroll 16
  for (int32_t i = sums; i < sums * turns; i++) {
    held[i % sums] = _mm512_add_epi32(held[i % sums], held[i]);
  }
#pragma GCC unroll 16
  for (int32_t i = 0; i < sums; i++) {
    _mm512_storeu_si512(c + i % rows * c_stride + i / rows * PANEL_COLUMNS, held[i]);
  }
}

/** `rows_loop` for the count of rows. */
static inline __attribute__((always_inline)) void rows_codes_of(
    int32_t blocks, int32_t rows, const int8_t *a, ptrdiff_t a_stride, const uint32_t *words,
    int32_t depth, const int32_t *initial, int32_t *c, ptrdiff_t c_stride,
    const struct ahead *ahead) {
#define ROWS_CASE(count)                                                              \
  case count:                                                                         \
    rows_loop(count, blocks, a, a_stride, words, depth, initial, c, c_stride, ahead); \
    break
  switch (rows) {
    ROWS_CASE(1);
    ROWS_CASE(2);
    ROWS_CASE(3);
    ROWS_CASE(4);
    ROWS_CASE(5);
    ROWS_CASE(6);
    ROWS_CASE(7);
    default:
      rows_loop(FEW_ROWS, blocks, a, a_stride, words, depth, initial, c, c_stride, ahead);
  }
#undef ROWS_CASE
}

static void rows_codes(int32_t rows, const int8_t *a, ptrdiff_t a_stride, const uint32_t *words,
                       int32_t depth, const int32_t *initial, int32_t *c, ptrdiff_t c_stride,
                       int32_t columns, const struct ahead *ahead) {
  const int32_t pairs = rows < PAIR_ROWS ? 0 : columns & -2 * PANEL_COLUMNS;
  int32_t n = 0;
  if (pairs == 0) ask_ahead(ahead, 0, ahead->count);
  for (; n < pairs; n += 2 * PANEL_COLUMNS, words += 2 * (ptrdiff_t)depth) {
    rows_codes_of(2, rows, a, a_stride, words, depth, initial, c + n, c_stride, ahead);
  }
  for (; n < columns; n += PANEL_COLUMNS, words += depth) {
    rows_codes_of(1, rows, a, a_stride, words, depth, initial, c + n, c_stride, ahead);
  }
}

/** The sum of each of four vectors of i32. */
static inline __m128i sum_of_four(const __m512i *v) {
  const __m512i low = _mm512_add_epi32(_mm512_unpacklo_epi32(v[0], v[1]),
                                       _mm512_unpackhi_epi32(v[0], v[1]));
  const __m512i high = _mm512_add_epi32(_mm512_unpacklo_epi32(v[2], v[3]),
                                        _mm512_unpackhi_epi32(v[2], v[3]));
  const __m512i all = _mm512_add_epi32(_mm512_unpacklo_epi64(low, high),
                                       _mm512_unpackhi_epi64(low, high));
  const __m256i half =
      _mm256_add_epi32(_mm512_castsi512_si256(all), _mm512_extracti64x4_epi64(all, 1));
  return _mm_add_epi32(_mm256_castsi256_si128(half), _mm256_extracti128_si256(half, 1));
}

/** Columns whose sums are stored at once. */
#define BYTE_GROUP 4
/** Most rows of int8 that are multiplied with others as they lie: their sums stay in registers. */
#define FEW_BYTE_ROWS 8

/**
 * Products of up to FEW_BYTE_ROWS rows of int8, a count that the compiler knows, with `count` of
 * the next BYTE_GROUP others, which are read one after the other: a processor foresees one run of
 * memory far better than four. Several rows take it long enough to multiply that it must be told
 * what it will read. An instruction takes bytes without a sign by bytes with one, so each of the
 * others counts as 128 more, which `initial` takes off. Sums are exact modulo 2^32 on the way.
 */
static inline __attribute__((always_inline)) void few_bytes(
    int32_t rows, const int8_t *a, ptrdiff_t a_stride, const int8_t *b, ptrdiff_t b_stride,
    int32_t depth, const int32_t *initial, int32_t *c, ptrdiff_t c_stride, int32_t count) {
  const __m512i bias = _mm512_set1_epi8(-128);
  __m512i held[FEW_BYTE_ROWS * BYTE_GROUP];
  for (int32_t q = 0; q < BYTE_GROUP; q++) {
    const int8_t *other = b + min_of(q, count - 1) * b_stride;
    __m512i sums[FEW_BYTE_ROWS];
#pragma GCC unroll 8
    for (int32_t r = 0; r < rows; r++) sums[r] = _mm512_setzero_si512();
    for (int32_t k = 0; k < depth; k += 64) {
      const __mmask64 inside = depth - k < 64 ? ((__mmask64)1 << (depth - k)) - 1 : ~(__mmask64)0;
      const __m512i x = _mm512_xor_si512(_mm512_maskz_loadu_epi8(inside, other + k), bias);
      if (rows > 2) __builtin_prefetch(other + BYTE_GROUP * b_stride + k, 0, 2);
#pragma GCC unroll 8
      for (int32_t r = 0; r < rows; r++) {
        const __m512i by = _mm512_maskz_loadu_epi8(inside, a + r * a_stride + k);
        sums[r] = _mm512_dpbusd_epi32(sums[r], x, by);
      }
    }
#pragma GCC unroll 8
    for (int32_t r = 0; r < rows; r++) held[BYTE_GROUP * r + q] = sums[r];
  }
#pragma GCC unroll 8
  for (int32_t r = 0; r < rows; r++) {
    const __m128i sums =
        _mm_add_epi32(sum_of_four(held + BYTE_GROUP * r), _mm_set1_epi32(initial[r]));
    _mm_mask_storeu_epi32(c + r * c_stride, (__mmask8)((1 << count) - 1), sums);
  }
}

/** See few_times_bytes in tiles.h. */
static void few_times_bytes(const int8_t *a, ptrdiff_t a_stride, int32_t rows, const int8_t *b,
                            ptrdiff_t b_stride, const int32_t *initial, int32_t *c,
                            ptrdiff_t c_stride, int32_t columns, int32_t depth) {
#define BYTES_CASE(height)                                                                    \
  case height:                                                                                \
    few_bytes(height, a, a_stride, others, b_stride, depth, initial, c + j, c_stride, count); \
    break
  for (int32_t j = 0; j < columns; j += BYTE_GROUP) {
    const int32_t count = min_of(BYTE_GROUP, columns - j);
    const int8_t *others = b + j * b_stride;
    switch (rows) {
      BYTES_CASE(1);
      BYTES_CASE(2);
      BYTES_CASE(3);
      BYTES_CASE(4);
      BYTES_CASE(5);
      BYTES_CASE(6);
      BYTES_CASE(7);
      default:
        few_bytes(FEW_BYTE_ROWS, a, a_stride, others, b_stride, depth, initial, c + j, c_stride,
                  count);
    }
  }
#undef BYTES_CASE
}

/** `groups` blocks of 16 words, `group_words` apart, as `decode_transposed` lays them out. */
#define WIDE_DECODE
static void decode_transposed(const uint32_t *words, ptrdiff_t group_words, uint8_t *panel,
                              int32_t groups) {
  const __m512i mask = _mm512_set1_epi8(3);
  const __m512i fields = _mm512_set_epi64(0x600000006, 0x600000006, 0x400000004, 0x400000004,
                                          0x200000002, 0x200000002, 0, 0);
  const __m512i order = _mm512_broadcast_i32x4(
      _mm_setr_epi8(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15));
  for (int32_t g = 0; g < groups; g++, words += group_words) {
    for (int32_t q = 0; q < 16; q += 4, panel += 64) {
      const __m512i four = _mm512_broadcast_i32x4(_mm_loadu_si128((const __m128i *)(words + q)));
      const __m512i codes = _mm512_and_si512(_mm512_srlv_epi32(four, fields), mask);
      _mm512_storeu_si512(panel, _mm512_shuffle_epi8(codes, order));
    }
  }
}
