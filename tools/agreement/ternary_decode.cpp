/**
 * How long one token of the 2B4T shape takes in the ternary types of ggml: all matrix products of a token, 210 ternary ones and
 * the head in Q6_K, by ggml alone. Attention, norms and sampling are left out, in favour of the rival. Weights are random.
 *
 *     ternary_decode TYPE THREADS TOKENS       prints milliseconds a token
 *
 * TYPE is tq2_0 or tq1_0 of llama.cpp, or i2_s where it is built with the ggml of bitnet.cpp.
 */
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <vector>

#if __has_include("ggml-cpu.h")
#include "ggml-cpu.h"
#endif
#include "ggml.h"

namespace {

constexpr int64_t kHidden = 2560, kKeys = 640, kFeed = 6912, kVocabulary = 128256;
constexpr int kLayers = 30;

uint8_t random_byte() {
  static uint64_t state = 1;
  state = state * 6364136223846793005ULL + 1442695040888963407ULL;
  return static_cast<uint8_t>(state >> 56);
}

/** Two bits for each of four weights: 3, which is none, becomes 0. */
uint8_t random_ternary() {
  const uint8_t byte = random_byte();
  return byte & ~(3 * (byte & (byte >> 1) & 0x55));
}

/** Blocks of random quants, whose last two bytes are their scale, a half of about 0.01. */
void fill_blocks(uint8_t *bytes, size_t count, size_t block) {
  for (size_t i = 0; i < count; i++) bytes[i] = random_byte();
  for (size_t i = block; i <= count; i += block) {
    bytes[i - 2] = 0x1f;
    bytes[i - 1] = 0x21;
  }
}

/** Quants of two bits, and behind all of them one scale in 32 bytes. */
void fill_whole(uint8_t *bytes, size_t count) {
  constexpr size_t kScale = 32;
  for (size_t i = 0; i < count - kScale; i++) bytes[i] = random_ternary();
  const float scale = 0.01f;
  std::memset(bytes + count - kScale, 0, kScale);
  std::memcpy(bytes + count - kScale, &scale, sizeof scale);
}

void fill(ggml_tensor *tensor) {
  auto *bytes = static_cast<uint8_t *>(tensor->data);
  const size_t block = ggml_type_size(tensor->type);
  if (block == 1) return fill_whole(bytes, ggml_nbytes(tensor));
  fill_blocks(bytes, ggml_nbytes(tensor), block);
}

/** The ternary type of that name, or GGML_TYPE_COUNT. */
ggml_type type_of(const char *name) {
  for (const char *known : {"tq1_0", "tq2_0", "i2_s"}) {
    if (std::strcmp(name, known) != 0) continue;
    for (int type = 0; type < GGML_TYPE_COUNT; type++) {
      const char *named = ggml_type_name(static_cast<ggml_type>(type));
      if (named != nullptr && std::strcmp(name, named) == 0) return static_cast<ggml_type>(type);
    }
  }
  return GGML_TYPE_COUNT;
}

ggml_tensor *matrix(ggml_context *ctx, ggml_type type, int64_t inputs, int64_t outputs) {
  ggml_tensor *tensor = ggml_new_tensor_2d(ctx, type, inputs, outputs);
  fill(tensor);
  return tensor;
}

ggml_tensor *vector(ggml_context *ctx, int64_t size) {
  ggml_tensor *tensor = ggml_new_tensor_1d(ctx, GGML_TYPE_F32, size);
  auto *values = static_cast<float *>(tensor->data);
  for (int64_t i = 0; i < size; i++) values[i] = static_cast<float>(i % 17) / 17.0f - 0.5f;
  return tensor;
}

}  // namespace

int main(int argc, char **argv) {
  const ggml_type type = argc == 4 ? type_of(argv[1]) : GGML_TYPE_COUNT;
  if (type == GGML_TYPE_COUNT) {
    return std::fprintf(stderr, "usage: ternary_decode tq2_0|tq1_0|i2_s THREADS TOKENS\n"), 2;
  }
  const int threads = std::atoi(argv[2]), tokens = std::atoi(argv[3]);

  ggml_context *ctx = ggml_init({size_t{2600} << 20, nullptr, false});
  ggml_cgraph *graph = ggml_new_graph(ctx);
  ggml_tensor *x = vector(ctx, kHidden), *h = vector(ctx, kFeed);
  const auto multiply = [&](int64_t outputs, ggml_tensor *input) {
    ggml_build_forward_expand(
        graph, ggml_mul_mat(ctx, matrix(ctx, type, input->ne[0], outputs), input));
  };
  for (int layer = 0; layer < kLayers; layer++) {
    for (const int64_t outputs : {kHidden, kKeys, kKeys, kHidden, kFeed, kFeed}) multiply(outputs, x);
    multiply(kHidden, h);
  }
  ggml_build_forward_expand(
      graph, ggml_mul_mat(ctx, matrix(ctx, GGML_TYPE_Q6_K, kHidden, kVocabulary), x));

  ggml_threadpool_params params = ggml_threadpool_params_default(threads);
  ggml_threadpool *pool = ggml_threadpool_new(&params);
  ggml_cplan plan = ggml_graph_plan(graph, threads, pool);
  std::vector<uint8_t> work(plan.work_size);
  plan.work_data = work.data();
  ggml_graph_compute(graph, &plan);
  const auto began = std::chrono::steady_clock::now();
  for (int token = 0; token < tokens; token++) ggml_graph_compute(graph, &plan);
  const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - began;
  std::printf("%.3f\n", took.count() / tokens);
  ggml_threadpool_free(pool);
  ggml_free(ctx);
}
