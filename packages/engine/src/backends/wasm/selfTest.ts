/**
 * Whether a machine's vector instructions compute what they are defined to compute. Some engines have
 * a relaxed dot product that is wrong in one compiler tier only, so the products are checked on the
 * first call and again on thousands more, by which time the engine has optimised them.
 */
import type { WasmMachine } from "./host.ts";

const ROWS = 5;
const OUTPUTS = 32;
/** Not a multiple of 256, so that the last block of the reduction is a short one. */
const INPUTS = 272;
const CALLS = 4_000;

/** Bytes of machine memory that the test uses, beginning at `at`. */
export const SELF_TEST_BYTES = 1 << 20;

export interface SelfTestOptions {
  /** Whether products take rows that are widened. */
  readonly isWide: boolean;
  /** Whether the engine compiles every kernel once, so that one call shows what all will do. */
  readonly isCompiledOnce: boolean;
}

/** True if every product was exact. The memory at `at` is overwritten. */
export function passesSelfTest(
  machine: WasmMachine,
  at: number,
  { isWide, isCompiledOnce }: SelfTestOptions,
): boolean {
  const { kernels } = machine;
  const buffer = machine.buffer();
  const scratch = at;
  const left = at + (256 << 10);
  const widened = left + (16 << 10);
  const sums = widened + (16 << 10);
  const weights = sums + (4 << 10);
  const result = weights + (16 << 10);
  const a = fillLeft(new Int8Array(buffer, left, ROWS * INPUTS));
  const w = fillWeights(OUTPUTS, INPUTS);
  packInto(new Uint32Array(buffer, weights, (OUTPUTS * INPUTS) / 16), w);
  const out = new Int32Array(buffer, result, ROWS * INPUTS);
  const forward = productOf(a, INPUTS, OUTPUTS, (n, k) => w[n * INPUTS + k]!);
  const backward = productOf(a, OUTPUTS, INPUTS, (k, n) => w[n * INPUTS + k]!);
  const isExact = (expected: Int32Array) => expected.every((value, i) => out[i] === value);
  const operand = isWide ? widened : left;
  const calls = isCompiledOnce ? 1 : CALLS;
  for (let call = 0; call < calls; call++) {
    kernels.rowSums!(left, INPUTS, ROWS, INPUTS, sums);
    kernels.widen!(left, widened, ROWS * INPUTS);
    out.fill(0);
    kernels.ternaryForward!(
      operand,
      INPUTS,
      sums,
      weights,
      result,
      OUTPUTS,
      ROWS,
      INPUTS,
      0,
      OUTPUTS,
      scratch,
    );
    if (!isExact(forward)) return false;
    out.fill(0, 0, OUTPUTS);
    kernels.ternaryRow!(operand, sums, weights, result, INPUTS, 0, OUTPUTS);
    if (!isExact(forward)) return false;
    kernels.rowSums!(left, OUTPUTS, ROWS, OUTPUTS, sums);
    kernels.ternaryTransposed!(
      operand,
      OUTPUTS,
      sums,
      weights,
      result,
      INPUTS,
      ROWS,
      OUTPUTS,
      INPUTS,
      0,
      INPUTS,
      scratch,
    );
    if (!isExact(backward)) return false;
  }
  return true;
}

/** All minimum, all maximum, zero, then a sequence that visits every byte. */
function fillLeft(a: Int8Array): Int8Array {
  a.fill(-128, 0, INPUTS)
    .fill(127, INPUTS, 2 * INPUTS)
    .fill(0, 2 * INPUTS, 3 * INPUTS);
  for (let i = 3 * INPUTS; i < a.length; i++) a[i] = Math.imul(i, 0x9e3779b1) >>> 24;
  return Int8Array.from(a);
}

/** One row of all -1, one of all +1, then a sequence of all three. */
function fillWeights(outputs: number, inputs: number): Int8Array {
  const w = Int8Array.from({ length: outputs * inputs }, (_, i) => {
    return ((Math.imul(i, 0x85ebca6b) >>> 20) % 3) - 1;
  });
  return w.fill(-1, 0, inputs).fill(1, inputs, 2 * inputs);
}

function packInto(words: Uint32Array, w: Int8Array): void {
  words.fill(0);
  w.forEach((weight, i) => {
    const n = Math.floor(i / INPUTS);
    const k = i - n * INPUTS;
    const word = ((n >> 4) * (INPUTS >> 4) + (k >> 4)) * 16 + (n & 15);
    const bit = 8 * (k & 3) + 2 * ((k >> 2) & 3);
    words[word]! |= (weight + 1) << bit;
  });
}

function productOf(
  a: Int8Array,
  depth: number,
  columns: number,
  weight: (column: number, k: number) => number,
): Int32Array {
  const c = new Int32Array(ROWS * columns);
  for (let m = 0; m < ROWS; m++) {
    for (let n = 0; n < columns; n++) {
      let sum = 0;
      for (let k = 0; k < depth; k++) sum += a[m * depth + k]! * weight(n, k);
      c[m * columns + n] = sum;
    }
  }
  return c;
}
