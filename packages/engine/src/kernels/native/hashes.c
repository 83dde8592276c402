/**
 * The hashes of the door to Node: of many messages, of tiles where they lie, and of a subtree of
 * them beside the caller, on a thread of Node's own pool. Nothing is kept between calls.
 */
#include "hashes.h"

#include <stdlib.h>
#include <string.h>

#include "sha256.h"
#include "trees.h"

/** The numbers of a tiling, as `numbersOf` of node/nodeSha256.ts lists them. */
enum { FIRST, RUN, RUNS, STRIDE, ROW_SLOTS, FILL, NUMBERS };

static napi_value refuse(napi_env env, const char *message) {
  napi_throw_type_error(env, NULL, message);
  return NULL;
}

static bool take_bytes(napi_env env, napi_value value, uint8_t **bytes, size_t *length) {
  void *data = NULL;
  napi_typedarray_type type;
  if (napi_get_typedarray_info(env, value, &type, length, &data, NULL, NULL) != napi_ok ||
      type != napi_uint8_array) {
    return false;
  }
  *bytes = data;
  return true;
}

/**
 * sha256Each(messages: Uint8Array, length, digests: Uint8Array): digests of messages of one length
 */
static napi_value sha256_each(napi_env env, napi_callback_info info) {
  napi_value values[3];
  size_t count = 3;
  uint8_t *messages = NULL;
  uint8_t *digests = NULL;
  size_t bytes = 0;
  size_t digest_bytes = 0;
  uint32_t length = 0;
  if (napi_get_cb_info(env, info, &count, values, NULL, NULL) != napi_ok) return NULL;
  if (count != 3 || !take_bytes(env, values[0], &messages, &bytes) ||
      napi_get_value_uint32(env, values[1], &length) != napi_ok ||
      !take_bytes(env, values[2], &digests, &digest_bytes)) {
    return refuse(env, "bytes, a length and room for digests");
  }
  const size_t messages_count = digest_bytes / DIGEST_BYTES;
  if (digest_bytes % DIGEST_BYTES != 0 || bytes != messages_count * length) {
    return refuse(env, "a length that divides the bytes into as many messages as digests");
  }
  r3mes_sha256_each(messages, length, messages_count, digests);
  return NULL;
}

/** The first three arguments of both functions on tiles: bytes, header, numbers. */
static bool take_tiles(napi_env env, const napi_value *values, uint8_t **bytes,
                       size_t *length, struct tiling *tiling) {
  uint8_t *header = NULL;
  size_t header_bytes = 0;
  void *data = NULL;
  size_t count = 0;
  napi_typedarray_type type;
  if (!take_bytes(env, values[0], bytes, length) ||
      !take_bytes(env, values[1], &header, &header_bytes) || header_bytes != LEAF_HEADER_BYTES ||
      napi_get_typedarray_info(env, values[2], &type, &count, &data, NULL, NULL) != napi_ok ||
      type != napi_uint32_array || count != NUMBERS) {
    return false;
  }
  const uint32_t *numbers = data;
  memcpy(tiling->header, header, LEAF_HEADER_BYTES);
  tiling->first = numbers[FIRST];
  tiling->run = numbers[RUN];
  tiling->runs = numbers[RUNS];
  tiling->stride = numbers[STRIDE];
  tiling->row_slots = numbers[ROW_SLOTS];
  tiling->fill = (uint8_t)numbers[FILL];
  return tiling->run > 0 && tiling->runs > 0 && tiling->stride > 0 &&
         *length >= tiling->stride && *length % tiling->stride == 0 &&
         (tiling->stride - 1) / tiling->run < tiling->row_slots;
}

/** hashTiles(bytes, header, numbers, slots: Uint8Array) */
static napi_value hash_tiles(napi_env env, napi_callback_info info) {
  napi_value values[4];
  size_t count = 4;
  uint8_t *bytes = NULL;
  uint8_t *slots = NULL;
  size_t length = 0;
  size_t slot_bytes = 0;
  struct tiling tiling;
  if (napi_get_cb_info(env, info, &count, values, NULL, NULL) != napi_ok) return NULL;
  if (count != 4 || !take_tiles(env, values, &bytes, &length, &tiling) ||
      !take_bytes(env, values[3], &slots, &slot_bytes) ||
      slot_bytes != r3mes_slots(&tiling, length) * DIGEST_BYTES) {
    return refuse(env, "whole rows of tiles, their tiling and room for their slots");
  }
  if (!r3mes_hash_tiles(&tiling, bytes, length, slots)) {
    napi_throw_error(env, NULL, "no memory for a tile");
  }
  return NULL;
}

/** topOfTiles(bytes, header, numbers, height, root: Uint8Array) */
static napi_value top_of_tiles(napi_env env, napi_callback_info info) {
  napi_value values[5];
  size_t count = 5;
  uint8_t *bytes = NULL;
  uint8_t *root = NULL;
  size_t length = 0;
  size_t root_bytes = 0;
  uint32_t height = 0;
  struct tiling tiling;
  if (napi_get_cb_info(env, info, &count, values, NULL, NULL) != napi_ok) return NULL;
  if (count != 5 || !take_tiles(env, values, &bytes, &length, &tiling) ||
      napi_get_value_uint32(env, values[3], &height) != napi_ok ||
      !take_bytes(env, values[4], &root, &root_bytes) || root_bytes != DIGEST_BYTES) {
    return refuse(env, "whole rows of tiles, their tiling, a height and room for a root");
  }
  if (!r3mes_root_of_tiles(&tiling, bytes, length, height, root)) {
    napi_throw_error(env, NULL, "no memory for tiles");
  }
  return NULL;
}

/** A subtree that a thread of the pool hashes. */
struct task {
  napi_async_work work;
  napi_deferred promise;
  /** Keeps the bytes from being collected. */
  napi_ref held;
  struct tiling tiling;
  uint8_t *bytes;
  size_t length;
  uint32_t height;
  bool hashed;
  uint8_t root[DIGEST_BYTES];
};

static void run_task(napi_env env, void *data) {
  (void)env;
  struct task *task = data;
  task->hashed =
      r3mes_root_of_tiles(&task->tiling, task->bytes, task->length, task->height, task->root);
}

static void free_task(napi_env env, struct task *task) {
  if (task->held != NULL) napi_delete_reference(env, task->held);
  if (task->work != NULL) napi_delete_async_work(env, task->work);
  free(task);
}

static void end_task(napi_env env, napi_status status, void *data) {
  struct task *task = data;
  napi_value buffer;
  napi_value value;
  void *root = NULL;
  if (status == napi_ok && task->hashed &&
      napi_create_arraybuffer(env, DIGEST_BYTES, &root, &buffer) == napi_ok &&
      napi_create_typedarray(env, napi_uint8_array, DIGEST_BYTES, buffer, 0, &value) == napi_ok) {
    memcpy(root, task->root, DIGEST_BYTES);
    napi_resolve_deferred(env, task->promise, value);
  } else if (napi_create_string_utf8(env, "no memory for tiles", NAPI_AUTO_LENGTH, &buffer) ==
                 napi_ok &&
             napi_create_error(env, NULL, buffer, &value) == napi_ok) {
    napi_reject_deferred(env, task->promise, value);
  }
  free_task(env, task);
}

/**
 * rootOfTiles(bytes, header, numbers, height): Promise<Uint8Array>; nobody may change the bytes
 * before it is settled
 */
static napi_value root_of_tiles(napi_env env, napi_callback_info info) {
  napi_value values[4];
  size_t count = 4;
  napi_value name;
  napi_value promise;
  if (napi_get_cb_info(env, info, &count, values, NULL, NULL) != napi_ok) return NULL;
  struct task *task = calloc(1, sizeof *task);
  if (task == NULL) return refuse(env, "no memory for a task");
  if (count != 4 || !take_tiles(env, values, &task->bytes, &task->length, &task->tiling) ||
      napi_get_value_uint32(env, values[3], &task->height) != napi_ok) {
    free_task(env, task);
    return refuse(env, "whole rows of tiles, their tiling and the height of their subtree");
  }
  if (napi_create_reference(env, values[0], 1, &task->held) != napi_ok ||
      napi_create_string_utf8(env, "r3mes:rootOfTiles", NAPI_AUTO_LENGTH, &name) != napi_ok ||
      napi_create_async_work(env, NULL, name, run_task, end_task, task, &task->work) != napi_ok ||
      napi_create_promise(env, &task->promise, &promise) != napi_ok ||
      napi_queue_async_work(env, task->work) != napi_ok) {
    free_task(env, task);
    return refuse(env, "the task cannot begin");
  }
  return promise;
}

static bool export_function(napi_env env, napi_value exports, const char *name,
                            napi_callback callback) {
  napi_value function;
  return napi_create_function(env, name, NAPI_AUTO_LENGTH, callback, NULL, &function) == napi_ok &&
         napi_set_named_property(env, exports, name, function) == napi_ok;
}

bool r3mes_export_hashes(napi_env env, napi_value exports) {
  return export_function(env, exports, "sha256Each", sha256_each) &&
         export_function(env, exports, "hashTiles", hash_tiles) &&
         export_function(env, exports, "topOfTiles", top_of_tiles) &&
         export_function(env, exports, "rootOfTiles", root_of_tiles);
}
