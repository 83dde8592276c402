/**
 * Products of operands as they lie: of a few rows, or of matrices of so few columns that laying them
 * out costs more than it gains.
 */
#ifndef R3MES_UNPACKED_H
#define R3MES_UNPACKED_H

#include "pack.h"
#include "rankAvx512.h"

/** Inputs of an int8 row that are widened at once. */
#define WIDE_DEPTH 1024
/** Up to so many columns of an i16 matrix are not laid out. */
#define NARROW_COLUMNS 32

/** Sum of products of two int8 runs. */
static inline int32_t dot_run(const int8_t *a, const int8_t *b, int32_t count) {
  int32_t sum = 0;
  for (int32_t k = 0; k < count; k++) sum += a[k] * b[k];
  return sum;
}

/** Products of one i16 row with four; compilers make pairs of such sums. */
static void dot_four(const int16_t *a, const int16_t *const *b, int32_t depth, int32_t *sums) {
  const int16_t *b0 = b[0], *b1 = b[1], *b2 = b[2], *b3 = b[3];
  int32_t s0 = 0, s1 = 0, s2 = 0, s3 = 0;
  for (int32_t k = 0; k < depth; k++) {
    s0 += a[k] * b0[k];
    s1 += a[k] * b1[k];
    s2 += a[k] * b2[k];
    s3 += a[k] * b3[k];
  }
  sums[0] = s0, sums[1] = s1, sums[2] = s2, sums[3] = s3;
}

/** Products of two i16 rows with four: each value that is loaded serves several. */
static void dot_eight(const int16_t *a0, const int16_t *a1, const int16_t *const *b, int32_t depth,
                      int32_t *sums) {
  const int16_t *b0 = b[0], *b1 = b[1], *b2 = b[2], *b3 = b[3];
  int32_t s0 = 0, s1 = 0, s2 = 0, s3 = 0, s4 = 0, s5 = 0, s6 = 0, s7 = 0;
  for (int32_t k = 0; k < depth; k++) {
    s0 += a0[k] * b0[k];
    s1 += a0[k] * b1[k];
    s2 += a0[k] * b2[k];
    s3 += a0[k] * b3[k];
    s4 += a1[k] * b0[k];
    s5 += a1[k] * b1[k];
    s6 += a1[k] * b2[k];
    s7 += a1[k] * b3[k];
  }
  sums[0] = s0, sums[1] = s1, sums[2] = s2, sums[3] = s3;
  sums[4] = s4, sums[5] = s5, sums[6] = s6, sums[7] = s7;
}

static void widen_row(const int8_t *from, int32_t depth, int16_t *to) {
  for (int32_t k = 0; k < depth; k++) to[k] = from[k];
}

/** Operands of products of int8 rows with the rows of an i16 matrix; strides in elements. */
struct wide_product {
  const int8_t *a;
  ptrdiff_t a_stride;
  const int16_t *b;
  ptrdiff_t b_stride;
  int32_t *c;
  ptrdiff_t c_stride;
};

/** One or two rows of `rows_times_wide_rows` over inputs [k, k + depth), `fresh` or added. */
static void pair_times_wide_rows(const struct wide_product *p, int32_t m, int32_t height,
                                 int32_t columns, int32_t k, int32_t depth, bool fresh) {
  _Alignas(64) int16_t left[2][WIDE_DEPTH];
  for (int32_t r = 0; r < height; r++) {
    widen_row(p->a + (m + r) * p->a_stride + k, depth, left[r]);
  }
  for (int32_t j = 0; j < columns; j += 4) {
    const int16_t *four[4];
    int32_t sums[8];
    for (int32_t q = 0; q < 4; q++) four[q] = p->b + min_of(j + q, columns - 1) * p->b_stride + k;
    if (height == 2)
      dot_eight(left[0], left[1], four, depth, sums);
    else
      dot_four(left[0], four, depth, sums);
    for (int32_t r = 0; r < height; r++) {
      int32_t *to = p->c + (m + r) * p->c_stride + j;
      for (int32_t q = 0; q < min_of(4, columns - j); q++) {
        to[q] = (fresh ? 0 : to[q]) + sums[4 * r + q];
      }
    }
  }
}

/**
 * c[m, j] = sum over `depth` of a[m, k] * b[j, k], both as they lie: for one row, and for matrices
 * of so few columns that laying them out costs more than it gains.
 */
static void rows_times_wide_rows(const struct wide_product *p, int32_t rows, int32_t columns,
                                 int32_t depth) {
#if defined(QUICK_RANK)
  if (columns % FACTOR_ROWS == 0 && depth % FACTOR_STEP == 0) {
    for (int32_t j = 0; j < columns; j += FACTOR_ROWS) {
      rows_times_eight(p->a, p->a_stride, rows, p->b + j * p->b_stride, p->b_stride, depth,
                       p->c + j, p->c_stride);
    }
    return;
  }
#endif
  for (int32_t m = 0; m < rows; m += 2) {
    for (int32_t k = 0; k < depth; k += WIDE_DEPTH) {
      const int32_t steps = min_of(WIDE_DEPTH, depth - k);
      pair_times_wide_rows(p, m, min_of(2, rows - m), columns, k, steps, k == 0);
    }
  }
}

/** Rows of int8, with the elements from one to the next. */
struct narrow_rows {
  const int8_t *data;
  ptrdiff_t stride;
};

#if !defined(FEW_BYTE_ROWS)
/** Most rows of int8 that are multiplied with others as they lie. */
#define FEW_BYTE_ROWS (PACK_ROWS_MIN - 1)

/** One or more rows of `few_times_rows` over inputs [k, k + depth), `fresh` or added. */
static void few_times_run(struct narrow_rows a, int32_t rows, struct narrow_rows b, int32_t k,
                          int32_t depth, bool fresh, int32_t *c, ptrdiff_t c_stride,
                          int32_t columns) {
  _Alignas(64) int16_t left[PACK_ROWS_MIN][WIDE_DEPTH];
  _Alignas(64) int16_t right[4][WIDE_DEPTH];
  const int16_t *const four[4] = {right[0], right[1], right[2], right[3]};
  for (int32_t m = 0; m < rows; m++) widen_row(a.data + m * a.stride + k, depth, left[m]);
  for (int32_t j = 0; j < columns; j += 4) {
    const int32_t count = min_of(4, columns - j);
    for (int32_t q = 0; q < 4; q++) {
      widen_row(b.data + (j + min_of(q, count - 1)) * b.stride + k, depth, right[q]);
    }
    for (int32_t m = 0; m < rows; m++) {
      int32_t sums[4];
      int32_t *to = c + m * c_stride + j;
      dot_four(left[m], four, depth, sums);
      for (int32_t q = 0; q < count; q++) to[q] = (fresh ? 0 : to[q]) + sums[q];
    }
  }
}
#endif

/**
 * c[m, j] = sum over `depth` of a[m, k] * b[j, k]: up to FEW_BYTE_ROWS int8 rows against the int8 rows
 * of b as they lie. This is the product of decoding, which reads each row of b once.
 */
static void few_times_rows(struct narrow_rows a, int32_t rows, struct narrow_rows b, int32_t *c,
                           ptrdiff_t c_stride, int32_t columns, int32_t depth) {
#if defined(BYTE_GROUP)
  int32_t initial[FEW_BYTE_ROWS];
  for (int32_t m = 0; m < rows; m++) {
    initial[m] = -128 * sum_of_bytes(a.data + m * a.stride, depth);
  }
  few_times_bytes(a.data, a.stride, rows, b.data, b.stride, initial, c, c_stride, columns, depth);
#else
  for (int32_t k = 0; k < depth; k += WIDE_DEPTH) {
    const int32_t steps = min_of(WIDE_DEPTH, depth - k);
    few_times_run(a, rows, b, k, steps, k == 0, c, c_stride, columns);
  }
#endif
}

#if defined(__AVX512BW__)
/** The first `columns` of 32 i16, and nothing of what follows them in memory. */
static inline __m512i load_columns(const int16_t *from, int32_t columns) {
  return _mm512_maskz_loadu_epi16(columns < 32 ? 0xffffu : 0xffffffffu, from);
}

/**
 * Columns [0, columns), 16 or 32, of one i16 row times a matrix. Rows side by side make pairs of
 * columns 0 to 3, 8 to 11 and so on, and of the others: they are put in order at the end.
 */
static inline void row_times_lanes(const int16_t *a, const int16_t *b, ptrdiff_t stride,
                                   int32_t depth, int32_t columns, int32_t *c) {
  __m512i low = _mm512_setzero_si512();
  __m512i high = low;
  for (int32_t j = 0; j < depth; j += 2, b += 2 * stride) {
    const bool whole = j + 1 < depth;
    const __m512i x = load_columns(b, columns);
    const __m512i y = whole ? load_columns(b + stride, columns) : _mm512_setzero_si512();
    const __m512i by = _mm512_set1_epi32((uint16_t)a[j] | (whole ? a[j + 1] : 0) * 65536);
    low = _mm512_dpwssd_epi32(low, _mm512_unpacklo_epi16(x, y), by);
    high = _mm512_dpwssd_epi32(high, _mm512_unpackhi_epi16(x, y), by);
  }
  const __m512i first = _mm512_setr_epi32(0, 1, 2, 3, 16, 17, 18, 19, 4, 5, 6, 7, 20, 21, 22, 23);
  const __m512i second =
      _mm512_setr_epi32(8, 9, 10, 11, 24, 25, 26, 27, 12, 13, 14, 15, 28, 29, 30, 31);
  _mm512_storeu_si512(c, _mm512_permutex2var_epi32(low, first, high));
  if (columns > 16) _mm512_storeu_si512(c + 16, _mm512_permutex2var_epi32(low, second, high));
}
#elif defined(__AVX2__)
/**
 * c += the products of two elements with two rows of i16, in steps of 16 columns. Rows side by side
 * make pairs of columns 0 to 3 and 8 to 11, and of the others: c has them in that order meanwhile.
 */
static void add_pair(const int16_t *a, const int16_t *even, const int16_t *odd, int32_t columns,
                     int32_t *c) {
  const __m256i by = _mm256_set1_epi32((uint16_t)a[0] | a[1] * 65536);
  for (int32_t n = 0; n < columns; n += 16) {
    const __m256i x = _mm256_loadu_si256((const __m256i *)(even + n));
    const __m256i y = _mm256_loadu_si256((const __m256i *)(odd + n));
    const __m256i low = _mm256_madd_epi16(_mm256_unpacklo_epi16(x, y), by);
    const __m256i high = _mm256_madd_epi16(_mm256_unpackhi_epi16(x, y), by);
    __m256i *to = (__m256i *)(c + n);
    _mm256_storeu_si256(to, _mm256_add_epi32(_mm256_loadu_si256(to), low));
    _mm256_storeu_si256(to + 1, _mm256_add_epi32(_mm256_loadu_si256(to + 1), high));
  }
}

static void order_pairs(int32_t *c, int32_t columns) {
  for (int32_t n = 0; n < columns; n += 16) {
    __m256i *at = (__m256i *)(c + n);
    const __m256i low = _mm256_loadu_si256(at);
    const __m256i high = _mm256_loadu_si256(at + 1);
    _mm256_storeu_si256(at, _mm256_permute2x128_si256(low, high, 0x20));
    _mm256_storeu_si256(at + 1, _mm256_permute2x128_si256(low, high, 0x31));
  }
}
#endif

/**
 * c[n] = sum over j < `depth` of a[j] * b[j, n]: one i16 row against the columns of an i16 matrix
 * as it lies, `stride` elements from row to row. It waits for memory, so each row is read in one
 * go.
 */
static void row_times_columns(const int16_t *a, const int16_t *b, ptrdiff_t stride, int32_t depth,
                              int32_t columns, int32_t *c) {
  int32_t j = 0;
#if defined(__AVX512BW__)
  for (int32_t n = 0; columns % 16 == 0 && n < columns; n += 32) {
    row_times_lanes(a, b + n, stride, depth, min_of(32, columns - n), c + n);
  }
  if (columns % 16 == 0) return;
#endif
  memset(c, 0, 4 * (size_t)columns);
#if defined(__AVX2__) && !defined(__AVX512BW__)
  if (columns % 16 == 0) {
    for (; j + 2 <= depth; j += 2) {
      const int16_t *even = b + j * stride;
      add_pair(a + j, even, even + stride, columns, c);
    }
    order_pairs(c, columns);
  }
#endif
  for (; j < depth; j++) {
    const int16_t *row = b + j * stride;
    for (int32_t n = 0; n < columns; n++) c[n] += a[j] * row[n];
  }
}

#endif
