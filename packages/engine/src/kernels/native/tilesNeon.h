/**
 * The inner products on NEON with the dot product extension; see tiles.h for what each has to
 * do.
 */
#include <arm_neon.h>

#define TILE_ROWS 4
#define CODES_DEPTH 1024

/** Codes are below 4, so they read the same as signed bytes. */
static inline int8x16_t load_codes(const uint8_t *from) {
  return vreinterpretq_s8_u8(vld1q_u8(from));
}

static void tile_codes(const int8_t *left, const uint8_t *panel, int32_t depth,
                       const int32_t *initial, int32_t *c, ptrdiff_t stride) {
  int32x4_t sums[TILE_ROWS][4];
#pragma GCC unroll 4
  for (int32_t r = 0; r < TILE_ROWS; r++) {
#pragma GCC unroll 4
    for (int32_t q = 0; q < 4; q++) {
      const int32_t *from = c + r * stride + 4 * q;
      sums[r][q] = initial == NULL ? vld1q_s32(from) : vdupq_n_s32(initial[r]);
    }
  }
  for (int32_t k = 0; k < depth; k += 4, left += 4 * TILE_ROWS, panel += 4 * PANEL_COLUMNS) {
    const int8x16_t a = vld1q_s8(left);
#pragma GCC unroll 4
    for (int32_t q = 0; q < 4; q++) {
      const int8x16_t b = load_codes(panel + 16 * q);
      sums[0][q] = vdotq_laneq_s32(sums[0][q], b, a, 0);
      sums[1][q] = vdotq_laneq_s32(sums[1][q], b, a, 1);
      sums[2][q] = vdotq_laneq_s32(sums[2][q], b, a, 2);
      sums[3][q] = vdotq_laneq_s32(sums[3][q], b, a, 3);
    }
  }
#pragma GCC unroll 4
  for (int32_t r = 0; r < TILE_ROWS; r++) {
#pragma GCC unroll 4
    for (int32_t q = 0; q < 4; q++) vst1q_s32(c + r * stride + 4 * q, sums[r][q]);
  }
}

/** One step of two inputs: the pairwise sums of four columns. */
static inline int32x4_t add_pairs(int32x4_t sum, int16x8_t a, int16x8_t b) {
  const int32x4_t low = vmull_s16(vget_low_s16(a), vget_low_s16(b));
  return vaddq_s32(sum, vpaddq_s32(low, vmull_high_s16(a, b)));
}

static void tile_pairs(const int16_t *left, const int16_t *panel, int32_t depth, bool fresh,
                       int32_t *c, ptrdiff_t stride) {
  int32x4_t sums[TILE_ROWS][4];
#pragma GCC unroll 4
  for (int32_t r = 0; r < TILE_ROWS; r++) {
#pragma GCC unroll 4
    for (int32_t q = 0; q < 4; q++) {
      sums[r][q] = fresh ? vdupq_n_s32(0) : vld1q_s32(c + r * stride + 4 * q);
    }
  }
  for (int32_t k = 0; k < depth; k += 2, left += 2 * TILE_ROWS, panel += 2 * PANEL_COLUMNS) {
    int16x8_t a[TILE_ROWS];
#pragma GCC unroll 4
    for (int32_t r = 0; r < TILE_ROWS; r++) {
      int32_t word;
      memcpy(&word, left + 2 * r, 4);
      a[r] = vreinterpretq_s16_s32(vdupq_n_s32(word));
    }
#pragma GCC unroll 4
    for (int32_t q = 0; q < 4; q++) {
      const int16x8_t b = vld1q_s16(panel + 8 * q);
#pragma GCC unroll 4
      for (int32_t r = 0; r < TILE_ROWS; r++) sums[r][q] = add_pairs(sums[r][q], a[r], b);
    }
  }
#pragma GCC unroll 4
  for (int32_t r = 0; r < TILE_ROWS; r++) {
#pragma GCC unroll 4
    for (int32_t q = 0; q < 4; q++) vst1q_s32(c + r * stride + 4 * q, sums[r][q]);
  }
}

static void row_codes(const int8_t *a, const uint32_t *words, int32_t depth, int32_t initial,
                      int32_t *c) {
  const uint8x16_t mask = vdupq_n_u8(3);
  int32x4_t sums[4];
#pragma GCC unroll 4
  for (int32_t q = 0; q < 4; q++) sums[q] = vdupq_n_s32(initial);
  for (int32_t k = 0; k < depth; k += 16, words += 16) {
    const int8x16_t v = vld1q_s8(a + k);
#pragma GCC unroll 4
    for (int32_t q = 0; q < 4; q++) {
      const uint8x16_t x = vreinterpretq_u8_u32(vld1q_u32(words + 4 * q));
      const uint8x16_t x2 = vshrq_n_u8(x, 2);
      const uint8x16_t x4 = vshrq_n_u8(x, 4);
      const uint8x16_t x6 = vshrq_n_u8(x, 6);
      sums[q] = vdotq_laneq_s32(sums[q], vreinterpretq_s8_u8(vandq_u8(x, mask)), v, 0);
      sums[q] = vdotq_laneq_s32(sums[q], vreinterpretq_s8_u8(vandq_u8(x2, mask)), v, 1);
      sums[q] = vdotq_laneq_s32(sums[q], vreinterpretq_s8_u8(vandq_u8(x4, mask)), v, 2);
      sums[q] = vdotq_laneq_s32(sums[q], vreinterpretq_s8_u8(x6), v, 3);
    }
  }
#pragma GCC unroll 4
  for (int32_t q = 0; q < 4; q++) vst1q_s32(c + 4 * q, sums[q]);
}
