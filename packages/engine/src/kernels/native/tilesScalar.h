/** The inner products without any vector instructions; see tiles.h for what each has to do. */
#define TILE_ROWS 4
#define CODES_DEPTH 1024

static void tile_codes(const int8_t *left, const uint8_t *panel, int32_t depth,
                       const int32_t *initial, int32_t *c, ptrdiff_t stride) {
  for (int32_t r = 0; r < TILE_ROWS; r++) {
    int32_t sums[PANEL_COLUMNS];
    for (int32_t j = 0; j < PANEL_COLUMNS; j++) {
      sums[j] = initial == NULL ? c[r * stride + j] : initial[r];
    }
    for (int32_t k = 0; k < depth; k += 4) {
      const int8_t *a = left + k * TILE_ROWS + 4 * r;
      const uint8_t *b = panel + k * PANEL_COLUMNS;
      for (int32_t j = 0; j < PANEL_COLUMNS; j++) {
        for (int32_t i = 0; i < 4; i++) sums[j] += a[i] * b[4 * j + i];
      }
    }
    for (int32_t j = 0; j < PANEL_COLUMNS; j++) c[r * stride + j] = sums[j];
  }
}

static void tile_pairs(const int16_t *left, const int16_t *panel, int32_t depth, bool fresh,
                       int32_t *c, ptrdiff_t stride) {
  for (int32_t r = 0; r < TILE_ROWS; r++) {
    int32_t sums[PANEL_COLUMNS];
    for (int32_t j = 0; j < PANEL_COLUMNS; j++) sums[j] = fresh ? 0 : c[r * stride + j];
    for (int32_t k = 0; k < depth; k += 2) {
      const int16_t *a = left + k * TILE_ROWS + 2 * r;
      const int16_t *b = panel + k * PANEL_COLUMNS;
      for (int32_t j = 0; j < PANEL_COLUMNS; j++) {
        sums[j] += a[0] * b[2 * j] + a[1] * b[2 * j + 1];
      }
    }
    for (int32_t j = 0; j < PANEL_COLUMNS; j++) c[r * stride + j] = sums[j];
  }
}

static void row_codes(const int8_t *a, const uint32_t *words, int32_t depth, int32_t initial,
                      int32_t *c) {
  int32_t sums[PANEL_COLUMNS];
  for (int32_t j = 0; j < PANEL_COLUMNS; j++) sums[j] = initial;
  for (int32_t k = 0; k < depth; k += 16, words += 16) {
    for (int32_t j = 0; j < PANEL_COLUMNS; j++) {
      for (int32_t i = 0; i < 16; i++) {
        const int32_t code = (words[j] >> (8 * (i & 3) + 2 * (i >> 2))) & 3;
        sums[j] += a[k + i] * code;
      }
    }
  }
  memcpy(c, sums, sizeof sums);
}
