/**
 * The door to Node: which sets of instructions this processor has, and one function that runs a
 * kernel on a part of a command. It keeps nothing between calls and is safe in any number of
 * threads.
 */
#define NAPI_VERSION 8
#include <node_api.h>

#include "kernel.h"

#define ARGS_MAX 40
/** Memory, set and kernel before the kernel's own arguments; from, to and scratch behind them. */
#define ARGS_BEFORE 3
#define ARGS_BEHIND 3

extern const struct kernel_set r3mes_scalar;

#if defined(__x86_64__)
extern const struct kernel_set r3mes_avx2;
extern const struct kernel_set r3mes_avx512vnni;

static bool has_avx2(void) { return __builtin_cpu_supports("avx2"); }

static bool has_avx512vnni(void) {
  return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
         __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq") &&
         __builtin_cpu_supports("avx512vnni");
}
#elif defined(__aarch64__)
extern const struct kernel_set r3mes_neondot;

#if defined(__linux__)
#include <sys/auxv.h>
/** HWCAP_ASIMDDP of the kernel's interface. */
static bool has_neondot(void) { return (getauxval(AT_HWCAP) & (1ul << 20)) != 0; }
#else
/** Every 64-bit processor of Apple that runs Node has it. */
static bool has_neondot(void) { return true; }
#endif
#endif

static bool has_all(void) { return true; }

/** Best first; the last one runs everywhere. */
static const struct {
  const struct kernel_set *set;
  bool (*supported)(void);
} sets[] = {
#if defined(__x86_64__)
    {&r3mes_avx512vnni, has_avx512vnni},
    {&r3mes_avx2, has_avx2},
#elif defined(__aarch64__)
    {&r3mes_neondot, has_neondot},
#endif
    {&r3mes_scalar, has_all},
};

#define SETS ((int32_t)(sizeof sets / sizeof sets[0]))

static napi_value refuse(napi_env env, const char *message) {
  napi_throw_type_error(env, NULL, message);
  return NULL;
}

/** run(memory: Int32Array, set, kernel, ...arguments, from, to, scratch) */
static napi_value run(napi_env env, napi_callback_info info) {
  napi_value values[ARGS_MAX];
  size_t count = ARGS_MAX;
  int32_t words[ARGS_MAX];
  void *memory = NULL;
  if (napi_get_cb_info(env, info, &count, values, NULL, NULL) != napi_ok) return NULL;
  if (count < ARGS_BEFORE + ARGS_BEHIND || count > ARGS_MAX) return refuse(env, "argument count");
  if (napi_get_typedarray_info(env, values[0], NULL, NULL, &memory, NULL, NULL) != napi_ok) {
    return refuse(env, "memory is no typed array");
  }
  for (size_t i = 1; i < count; i++) {
    if (napi_get_value_int32(env, values[i], &words[i]) != napi_ok) return refuse(env, "no number");
  }
  if (words[1] < 0 || words[1] >= SETS || !sets[words[1]].supported()) return refuse(env, "set");
  const struct kernel_set *set = sets[words[1]].set;
  if (words[2] < 0 || words[2] >= set->count) return refuse(env, "kernel");
  const struct kernel *kernel = &set->kernels[words[2]];
  if (count != (size_t)kernel->args + ARGS_BEFORE + ARGS_BEHIND) {
    return refuse(env, kernel->name);
  }
  const struct call call = {
      .memory = memory,
      .args = words + ARGS_BEFORE,
      .from = words[count - 3],
      .to = words[count - 2],
      .scratch = (uint8_t *)memory + (uint32_t)words[count - 1],
  };
  kernel->run(&call);
  return NULL;
}

static bool append(napi_env env, napi_value list, uint32_t index, const char *text) {
  napi_value value;
  return napi_create_string_utf8(env, text, NAPI_AUTO_LENGTH, &value) == napi_ok &&
         napi_set_element(env, list, index, value) == napi_ok;
}

/**
 * Exports `sets` (the names, "" for one that this processor lacks), `kernels` (names) and `run`.
 */
NAPI_MODULE_INIT() {
  napi_value names;
  napi_value kernels;
  napi_value function;
  bool ok = napi_create_array(env, &names) == napi_ok &&
            napi_create_array(env, &kernels) == napi_ok &&
            napi_create_function(env, "run", NAPI_AUTO_LENGTH, run, NULL, &function) == napi_ok;
  for (int32_t i = 0; ok && i < SETS; i++) {
    ok = append(env, names, (uint32_t)i, sets[i].supported() ? sets[i].set->name : "");
  }
  for (int32_t i = 0; ok && i < r3mes_scalar.count; i++) {
    ok = append(env, kernels, (uint32_t)i, r3mes_scalar.kernels[i].name);
  }
  ok = ok && napi_set_named_property(env, exports, "sets", names) == napi_ok &&
       napi_set_named_property(env, exports, "kernels", kernels) == napi_ok &&
       napi_set_named_property(env, exports, "run", function) == napi_ok;
  return ok ? exports : NULL;
}
