/**
 * What WebAssembly can do here, found by offering it the smallest modules that use a feature.
 * Speed alone depends on it: every backend gives the same bytes.
 */
import { type Check, fail, ok, warn } from "./check.ts";

/** The header and a module with one function `() -> v128`, whose body is `code`. */
function moduleWith(code: readonly number[]): Uint8Array<ArrayBuffer> {
  const body = [0, ...code, 0x0b];
  return new Uint8Array([
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    // Types: one function without parameters that returns a v128 (0x7b).
    ...[0x01, 0x05, 0x01, 0x60, 0x00, 0x01, 0x7b],
    // Functions: one, of that type.
    ...[0x03, 0x02, 0x01, 0x00],
    // Code: one body without locals.
    ...[0x0a, body.length + 2, 0x01, body.length, ...body],
  ]);
}

const zeroVector = [0xfd, 0x0c, ...new Array<number>(16).fill(0)];
/** `i8x16.popcnt`, of the fixed-width vectors. */
const simdModule = moduleWith([...zeroVector, 0xfd, 0x62]);
/** `i16x8.relaxed_dot_i8x16_i7x16_s`, opcode 0x112, the one relaxed instruction that pays off. */
const relaxedModule = moduleWith([...zeroVector, ...zeroVector, 0xfd, 0x92, 0x02]);

export function checkSimd(): Check {
  if (WebAssembly.validate(simdModule)) return ok("simd", "128-bit vectors");
  return fail("simd", "missing", "The kernels need WebAssembly SIMD; this processor is too old.");
}

export function checkRelaxedSimd(): Check {
  if (WebAssembly.validate(relaxedModule)) return ok("relaxed-simd", "integer dot product");
  return warn("relaxed-simd", "missing", "Kernels run without it, more slowly; update Node.");
}

export function checkSharedMemory(): Check {
  try {
    const { buffer } = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
    if (buffer instanceof SharedArrayBuffer) return ok("shared-memory", "threads share memory");
  } catch {
    // Told below, together with a buffer that is not shared.
  }
  return warn("shared-memory", "missing", "Kernels run on one thread; update Node.");
}
