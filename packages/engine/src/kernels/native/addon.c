/**
 * The door to Node: which sets of instructions this processor has, one function that runs commands
 * as one thread of a crew, and those that hash (hashes.c). It keeps nothing between calls and is safe
 * in any number of threads.
 */
#define NAPI_VERSION 8
#include <node_api.h>

#include "hashes.h"
#include "kernel.h"

/** A command as backends/wasm/commands.ts encodes it: these words, then its arguments. */
enum { KERNEL, UNITS, GRAIN, BARRIER, ARGUMENTS, HEADER_WORDS };

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

/**
 * The first unit of a thread: `partOf` of commands.ts, whose parts the barriers were placed for.
 */
static int32_t part_begin(int32_t units, int32_t grain, int32_t thread, int32_t threads) {
  const int64_t grains = ((int64_t)units + grain - 1) / grain;
  const int64_t unit = grains * thread / threads * grain;
  return unit < units ? (int32_t)unit : units;
}

/** One thread's way through a stretch of commands. */
struct stretch {
  const int32_t *words;
  int32_t from;
  int32_t to;
  int32_t thread;
  int32_t threads;
  int32_t scratch;
};

/**
 * Runs them one after the other. Returns -1, or the number of a kernel that a command does not fit.
 */
static int32_t run_stretch(const struct kernel_set *set, const struct stretch *stretch) {
  const int32_t *words = stretch->words;
  for (int32_t at = stretch->from; at < stretch->to; at += HEADER_WORDS + words[at + ARGUMENTS]) {
    const int32_t *command = words + at;
    const int32_t number = command[KERNEL];
    if (number < 0 || number >= set->count) return number;
    const struct kernel *kernel = &set->kernels[number];
    if (command[ARGUMENTS] != kernel->args || command[GRAIN] < 1) return number;
    const int32_t units = command[UNITS];
    const int32_t grain = command[GRAIN];
    const struct call call = {
        .memory = (uint8_t *)words,
        .args = command + HEADER_WORDS,
        .from = part_begin(units, grain, stretch->thread, stretch->threads),
        .to = part_begin(units, grain, stretch->thread + 1, stretch->threads),
        .scratch = (uint8_t *)words + (uint32_t)stretch->scratch,
    };
    if (call.from < call.to) kernel->run(&call);
  }
  return -1;
}

/** run(memory: Int32Array, set, from, to, thread, threads, scratch): what `run_stretch` returns */
static napi_value run(napi_env env, napi_callback_info info) {
  enum { MEMORY, SET, FROM, TO, THREAD, THREADS, SCRATCH, COUNT };
  napi_value values[COUNT];
  size_t count = COUNT;
  int32_t numbers[COUNT];
  void *memory = NULL;
  size_t length = 0;
  if (napi_get_cb_info(env, info, &count, values, NULL, NULL) != napi_ok) return NULL;
  if (count != COUNT) return refuse(env, "argument count");
  if (napi_get_typedarray_info(env, values[MEMORY], NULL, &length, &memory, NULL, NULL) !=
      napi_ok) {
    return refuse(env, "memory is no typed array");
  }
  for (size_t i = SET; i < COUNT; i++) {
    if (napi_get_value_int32(env, values[i], &numbers[i]) != napi_ok) {
      return refuse(env, "no number");
    }
  }
  const int32_t set = numbers[SET];
  if (set < 0 || set >= SETS || !sets[set].supported()) return refuse(env, "set");
  if (numbers[FROM] < 0 || numbers[TO] < numbers[FROM] || (size_t)numbers[TO] > length) {
    return refuse(env, "commands");
  }
  if (numbers[THREAD] < 0 || numbers[THREAD] >= numbers[THREADS]) return refuse(env, "thread");
  const struct stretch stretch = {
      .words = memory,
      .from = numbers[FROM],
      .to = numbers[TO],
      .thread = numbers[THREAD],
      .threads = numbers[THREADS],
      .scratch = numbers[SCRATCH],
  };
  napi_value refused;
  const int32_t kernel = run_stretch(sets[set].set, &stretch);
  return napi_create_int32(env, kernel, &refused) == napi_ok ? refused : NULL;
}

static bool append(napi_env env, napi_value list, uint32_t index, const char *text) {
  napi_value value;
  return napi_create_string_utf8(env, text, NAPI_AUTO_LENGTH, &value) == napi_ok &&
         napi_set_element(env, list, index, value) == napi_ok;
}

static bool export_function(napi_env env, napi_value exports, const char *name,
                            napi_callback callback) {
  napi_value function;
  return napi_create_function(env, name, NAPI_AUTO_LENGTH, callback, NULL, &function) == napi_ok &&
         napi_set_named_property(env, exports, name, function) == napi_ok;
}

/**
 * Exports `sets` (the names, "" for one that this processor lacks), `kernels` (names, by number),
 * `run` and the hashes.
 */
NAPI_MODULE_INIT() {
  napi_value names;
  napi_value kernels;
  bool ok = napi_create_array(env, &names) == napi_ok &&
            napi_create_array(env, &kernels) == napi_ok;
  for (int32_t i = 0; ok && i < SETS; i++) {
    ok = append(env, names, (uint32_t)i, sets[i].supported() ? sets[i].set->name : "");
  }
  for (int32_t i = 0; ok && i < r3mes_scalar.count; i++) {
    ok = append(env, kernels, (uint32_t)i, r3mes_scalar.kernels[i].name);
  }
  ok = ok && napi_set_named_property(env, exports, "sets", names) == napi_ok &&
       napi_set_named_property(env, exports, "kernels", kernels) == napi_ok &&
       export_function(env, exports, "run", run) && r3mes_export_hashes(env, exports);
  return ok ? exports : NULL;
}
