/**
 * What a kernel is: one command's arguments and the part of it that this thread owns. The
 * arguments, their order and the layout of scratch are those of the WebAssembly kernels, so that
 * one plan of commands serves both. Addresses are offsets into one memory, as there.
 */
#ifndef R3MES_KERNEL_H
#define R3MES_KERNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct call {
  uint8_t *memory;
  const int32_t *args;
  /** Parts [from, to) of the command. */
  int32_t from;
  int32_t to;
  /** This thread's scratch, `scratchBytes` of backends/wasm/scratch.ts long. */
  uint8_t *scratch;
};

struct kernel {
  const char *name;
  void (*run)(const struct call *);
  /** Arguments before the part and the scratch. */
  int32_t args;
};

/** The kernels as one set of instructions computes them. All sets compute the same bytes. */
struct kernel_set {
  const char *name;
  const struct kernel *kernels;
  int32_t count;
};

/** Sums of the rows of one block, i32. */
#define SUMS_OFFSET (16 << 10)
/** Room for one row of values of any kind. */
#define STRIP_OFFSET (32 << 10)
/** A block of left operands, and whatever attention keeps; the rest of the scratch. */
#define LEFT_OFFSET (192 << 10)
#define LEFT_BYTES (256 << 10)

/** Magnitude of a set without a non-zero element. */
#define NO_MAGNITUDE (-16384)
/** Exponent of a row that is zero throughout. */
#define ZERO_EXPONENT 16384

static inline void *address(const struct call *call, int32_t index) {
  return call->memory + (uint32_t)call->args[index];
}

/** NULL for a tensor that is absent. */
static inline void *optional(const struct call *call, int32_t index) {
  return call->args[index] == 0 ? NULL : address(call, index);
}

static inline int32_t min_of(int32_t a, int32_t b) { return a < b ? a : b; }
static inline int32_t max_of(int32_t a, int32_t b) { return a > b ? a : b; }

#endif
