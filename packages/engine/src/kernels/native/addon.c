/**
 * The door to Node: which sets of instructions this processor has, crews that run commands (crew.c),
 * and the functions that hash (hashes.c). It keeps nothing but the crews that are open, each for
 * whoever opened it, and is safe in any number of threads.
 */
#define NAPI_VERSION 8
/** It lets sys/mman.h declare madvise. */
#define _DEFAULT_SOURCE
#include <node_api.h>
#include <stdlib.h>
#if defined(__linux__)
#include <sys/mman.h>
#endif

#include "crew.h"
#include "hashes.h"

extern const struct kernel_set r3mes_scalar;

#if defined(__x86_64__)
extern const struct kernel_set r3mes_avx2;
extern const struct kernel_set r3mes_avx512vnni;

static bool has_avx2(void) { return __builtin_cpu_supports("avx2"); }

static bool has_avx512vnni(void) {
  return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
         __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq") &&
         __builtin_cpu_supports("avx512cd") && __builtin_cpu_supports("avx512vnni");
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

/** What JavaScript holds of a crew: empty once the crew is closed. */
struct handle {
  struct crew *crew;
};

static void close_handle(struct handle *handle) {
  if (handle->crew != NULL) r3mes_close_crew(handle->crew);
  handle->crew = NULL;
}

static void free_handle(napi_env env, void *data, void *hint) {
  (void)env, (void)hint;
  close_handle(data);
  free(data);
}

/** The numbers among the arguments of a call, from the index `from` on. */
static bool read_numbers(napi_env env, const napi_value *values, size_t from, size_t count,
                         int32_t *numbers) {
  for (size_t i = from; i < count; i++) {
    if (napi_get_value_int32(env, values[i], &numbers[i]) != napi_ok) return false;
  }
  return true;
}

/** openCrew(threads): a crew for `runOnCrew`, or null where the system has no threads for it */
static napi_value open_crew(napi_env env, napi_callback_info info) {
  napi_value value;
  size_t count = 1;
  int32_t threads = 0;
  if (napi_get_cb_info(env, info, &count, &value, NULL, NULL) != napi_ok) return NULL;
  if (count != 1 || !read_numbers(env, &value, 0, 1, &threads) || threads < 1 ||
      threads > CREW_THREADS_MAX) {
    return refuse(env, "a number of threads");
  }
  napi_value opened = NULL;
  struct handle *handle = malloc(sizeof *handle);
  if (handle != NULL) handle->crew = r3mes_open_crew(threads);
  if (handle == NULL || handle->crew == NULL) {
    free(handle);
    napi_get_null(env, &opened);
    return opened;
  }
  if (napi_create_external(env, handle, free_handle, NULL, &opened) == napi_ok) return opened;
  free_handle(env, handle, NULL);
  return NULL;
}

static struct crew *crew_of(napi_env env, napi_value value) {
  void *handle = NULL;
  if (napi_get_value_external(env, value, &handle) != napi_ok) return NULL;
  return ((struct handle *)handle)->crew;
}

/** True if the scratch of every thread lies in a memory of so many words. */
static bool holds_scratch(const struct crew *crew, const struct run *run, size_t words) {
  const uint64_t bytes = (uint64_t)run->scratch_bytes * (uint64_t)r3mes_threads_of(crew);
  return run->scratch + bytes <= 4 * (uint64_t)words;
}

/**
 * runOnCrew(crew, memory: Int32Array, set, from, to, scratch, scratchBytes): runs the commands in
 * the words [from, to) and returns what `r3mes_run_on_crew` does. What the commands' arguments
 * point to is the caller's to keep within the memory.
 */
static napi_value run_on_crew(napi_env env, napi_callback_info info) {
  enum { CREW, MEMORY, SET, FROM, TO, SCRATCH, SCRATCH_BYTES, COUNT };
  napi_value values[COUNT];
  size_t count = COUNT;
  int32_t numbers[COUNT];
  void *memory = NULL;
  size_t length = 0;
  napi_typedarray_type type = napi_int8_array;
  if (napi_get_cb_info(env, info, &count, values, NULL, NULL) != napi_ok) return NULL;
  if (count != COUNT) return refuse(env, "argument count");
  struct crew *crew = crew_of(env, values[CREW]);
  if (crew == NULL) return refuse(env, "no open crew");
  if (napi_get_typedarray_info(env, values[MEMORY], &type, &length, &memory, NULL, NULL) !=
          napi_ok ||
      type != napi_int32_array) {
    return refuse(env, "memory is no Int32Array");
  }
  if (!read_numbers(env, values, SET, COUNT, numbers)) return refuse(env, "no number");
  const int32_t set = numbers[SET];
  if (set < 0 || set >= SETS || !sets[set].supported()) return refuse(env, "set");
  if (numbers[FROM] < 0 || numbers[TO] < numbers[FROM] || (size_t)numbers[TO] > length) {
    return refuse(env, "commands");
  }
  const struct run run = {
      .set = sets[set].set,
      .words = memory,
      .from = numbers[FROM],
      .to = numbers[TO],
      .scratch = (uint32_t)numbers[SCRATCH],
      .scratch_bytes = (uint32_t)numbers[SCRATCH_BYTES],
  };
  if (!holds_scratch(crew, &run, length)) return refuse(env, "scratch");
  napi_value refused;
  const int32_t kernel = r3mes_run_on_crew(crew, &run);
  return napi_create_int32(env, kernel, &refused) == napi_ok ? refused : NULL;
}

/**
 * wantLargePages(memory: Int32Array): a machine's memory is read from end to end, and a page of two
 * megabytes is looked up once. A system that has none keeps the small ones, so nothing is told.
 */
static napi_value want_large_pages(napi_env env, napi_callback_info info) {
  napi_value value;
  size_t count = 1;
  void *memory = NULL;
  size_t length = 0;
  napi_typedarray_type type = napi_int8_array;
  if (napi_get_cb_info(env, info, &count, &value, NULL, NULL) != napi_ok) return NULL;
  if (count != 1 ||
      napi_get_typedarray_info(env, value, &type, &length, &memory, NULL, NULL) != napi_ok ||
      type != napi_int32_array) {
    return refuse(env, "memory is no Int32Array");
  }
#if defined(MADV_HUGEPAGE)
  (void)madvise(memory, sizeof(int32_t) * length, MADV_HUGEPAGE);
#endif
  return NULL;
}

/** closeCrew(crew): ends its threads; once is enough, and again does nothing */
static napi_value close_crew(napi_env env, napi_callback_info info) {
  napi_value value;
  size_t count = 1;
  void *handle = NULL;
  if (napi_get_cb_info(env, info, &count, &value, NULL, NULL) != napi_ok) return NULL;
  if (count != 1 || napi_get_value_external(env, value, &handle) != napi_ok) {
    return refuse(env, "a crew");
  }
  close_handle(handle);
  return NULL;
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
 * `headerWords` of a command, the three functions of a crew, the one of a memory, and the hashes.
 */
NAPI_MODULE_INIT() {
  napi_value names;
  napi_value kernels;
  napi_value words;
  bool ok = napi_create_array(env, &names) == napi_ok &&
            napi_create_array(env, &kernels) == napi_ok &&
            napi_create_int32(env, r3mes_header_words(), &words) == napi_ok &&
            napi_set_named_property(env, exports, "headerWords", words) == napi_ok;
  for (int32_t i = 0; ok && i < SETS; i++) {
    ok = append(env, names, (uint32_t)i, sets[i].supported() ? sets[i].set->name : "");
  }
  for (int32_t i = 0; ok && i < r3mes_scalar.count; i++) {
    ok = append(env, kernels, (uint32_t)i, r3mes_scalar.kernels[i].name);
  }
  ok = ok && napi_set_named_property(env, exports, "sets", names) == napi_ok &&
       napi_set_named_property(env, exports, "kernels", kernels) == napi_ok &&
       export_function(env, exports, "openCrew", open_crew) &&
       export_function(env, exports, "runOnCrew", run_on_crew) &&
       export_function(env, exports, "closeCrew", close_crew) &&
       export_function(env, exports, "wantLargePages", want_large_pages) &&
       r3mes_export_hashes(env, exports);
  return ok ? exports : NULL;
}
