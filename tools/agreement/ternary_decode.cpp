/**
 * How long one token of the 2B4T shape takes in the ternary types of llama.cpp: all matrix products of a token, 210 ternary ones
 * and the head in Q6_K, by ggml alone. Attention, norms and sampling are left out, in favour of the rival. Weights are random bytes.
 *
 *     ternary_decode TYPE THREADS TOKENS       prints milliseconds a token; TYPE is TQ2_0 or TQ1_0
 */
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <vector>

#include "ggml-cpu.h"
#include "ggml.h"

namespace {

constexpr int64_t kHidden = 2560, kKeys = 640, kFeed = 6912, kVocabulary = 128256;
constexpr int kLayers = 30;

/** Random quants; the last two bytes of a block are its scale, a half of about 0.01. */
void fill(ggml_tensor *tensor) {
  static uint64_t state = 1;
  const size_t block = ggml_type_size(tensor->type);
  auto *bytes = static_cast<uint8_t *>(tensor->data);
  const size_t count = ggml_nbytes(tensor);
  for (size_t i = 0; i < count; i++) {
    state = state * 6364136223846793005ULL + 1442695040888963407ULL;
    bytes[i] = static_cast<uint8_t>(state >> 56);
  }
  for (size_t i = block; i <= count; i += block) {
    bytes[i - 2] = 0x1f;
    bytes[i - 1] = 0x21;
  }
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
  const bool is_small = argc == 4 && std::strcmp(argv[1], "TQ1_0") == 0;
  const bool is_known = is_small || (argc == 4 && std::strcmp(argv[1], "TQ2_0") == 0);
  if (!is_known) return std::fprintf(stderr, "usage: ternary_decode TYPE THREADS TOKENS\n"), 2;
  const ggml_type type = is_small ? GGML_TYPE_TQ1_0 : GGML_TYPE_TQ2_0;
  const int threads = std::atoi(argv[2]), tokens = std::atoi(argv[3]);

  ggml_context *ctx = ggml_init({size_t{1200} << 20, nullptr, false});
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
