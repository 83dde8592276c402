import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { Kernels } from "../../backends/wasm/host.ts";

const builds = ["base", "relaxed"] as const;

/** One instance over its own memory, and a bump allocator that leaves every address aligned. */
function setup(build: (typeof builds)[number]) {
  const memory = new WebAssembly.Memory({ initial: 64, maximum: 1024, shared: true });
  const module = new WebAssembly.Module(readFileSync(new URL(`${build}.wasm`, import.meta.url)));
  const kernels = new WebAssembly.Instance(module, { env: { memory } }).exports as Kernels;
  let next = 1024;
  const place = (bytes: number): number => {
    const at = next;
    next += (bytes + 255) & ~255;
    return at;
  };
  const i8 = (length: number) => new Int8Array(memory.buffer, place(length + 64), length);
  const i16 = (length: number) => new Int16Array(memory.buffer, place(2 * length + 64), length);
  const i32 = (length: number) => new Int32Array(memory.buffer, place(4 * length + 64), length);
  const u32 = (length: number) => new Uint32Array(memory.buffer, place(4 * length + 64), length);
  return { kernels, i8, i16, i32, u32, scratch: place(16 << 10) };
}

/** The layout of spec/step-program.md, one weight at a time. */
function packP16(weights: Int8Array, outputs: number, inputs: number): Uint32Array {
  const words = new Uint32Array((outputs * inputs) / 16);
  for (let n = 0; n < outputs; n++) {
    for (let k = 0; k < inputs; k++) {
      const word = ((n >> 4) * (inputs >> 4) + (k >> 4)) * 16 + (n & 15);
      const bit = 8 * (k & 3) + 2 * ((k >> 2) & 3);
      words[word]! |= (weights[n * inputs + k]! + 1) << bit;
    }
  }
  return words;
}

/** A small xorshift, so that a failing case fails again. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
}

const at = (view: { readonly byteOffset: number }): number => view.byteOffset;

/** Rows that random data never makes: all minimum, all maximum, zero. */
function fillExtremes(values: Int8Array, rows: number, columns: number, next: () => number): void {
  for (let i = 0; i < values.length; i++) values[i] = next();
  for (const [row, value] of [-128, 127, 0].entries()) {
    if (row < rows) values.fill(value, row * columns, (row + 1) * columns);
  }
}

describe.each(builds)("%s kernels", (build) => {
  test.each([
    [7, 64, 320],
    [4, 48, 512],
    [5, 32, 768],
    [3, 16, 16],
    [133, 32, 2560],
  ])("multiply %i rows by ternary weights of %i x %i, both ways", (rows, outputs, inputs) => {
    const { kernels, i8, i16, i32, u32, scratch } = setup(build);
    const next = numbers(rows * 7919 + inputs);
    const weights = Int8Array.from({ length: outputs * inputs }, () => (next() % 3) - 1);
    weights.fill(-1, 0, inputs).fill(1, inputs, 2 * inputs);
    const packed = u32((outputs * inputs) / 16);
    packed.set(packP16(weights, outputs, inputs));

    const product = (transposed: boolean): void => {
      const [depth, columns] = transposed ? [outputs, inputs] : [inputs, outputs];
      const a = i8(rows * depth);
      fillExtremes(a, rows, depth, next);
      const sums = i32(rows);
      kernels.rowSums!(at(a), depth, rows, depth, at(sums));
      const wide = i16(rows * depth + 8);
      kernels.widen!(at(a), at(wide), rows * depth);
      const left = build === "relaxed" ? at(a) : at(wide);
      const c = i32(rows * columns);
      if (transposed) {
        const shape = [rows, outputs, inputs, 0, inputs] as const;
        kernels.ternaryTransposed!(
          left,
          depth,
          at(sums),
          at(packed),
          at(c),
          columns,
          ...shape,
          scratch,
        );
      } else {
        const shape = [rows, inputs, 0, outputs] as const;
        kernels.ternaryForward!(
          left,
          depth,
          at(sums),
          at(packed),
          at(c),
          columns,
          ...shape,
          scratch,
        );
      }
      const weightAt = (column: number, k: number): number =>
        transposed ? weights[k * inputs + column]! : weights[column * inputs + k]!;
      for (let m = 0; m < rows; m++) {
        for (let n = 0; n < columns; n++) {
          let sum = 0;
          for (let k = 0; k < depth; k++) sum += a[m * depth + k]! * weightAt(n, k);
          if (sum !== c[m * columns + n]) expect([m, n, c[m * columns + n]]).toEqual([m, n, sum]);
        }
      }
    };
    product(false);
    product(true);
  });

  test.each([
    [7, 5, 3],
    [4, 16, 256],
    [9, 33, 517],
    [1, 1, 1],
    [5, 24, 300],
    [3, 8, 7],
  ])("multiply %i x %i by depth %i, whichever way the right side lies", (rows, columns, depth) => {
    const { kernels, i8, i16, i32, scratch } = setup(build);
    const next = numbers(rows + 31 * columns + depth);
    const a = i16(rows * depth + 8);
    for (let i = 0; i < a.length; i++) a[i] = (next() & 0x3fff) - 8192;
    a.fill(-8192, 0, depth);
    for (const kind of [0, 1, 2, 3]) {
      const wide = kind >= 2;
      const byColumns = kind % 2 === 1;
      const b = wide ? i16(columns * depth + 32) : i8(columns * depth + 32);
      for (let i = 0; i < b.length; i++) b[i] = wide ? (next() & 0xfff) - 2048 : next();
      if (!byColumns) b.fill(wide ? -2048 : -128, 0, depth);
      const c = i32(rows * columns);
      for (const fresh of [1, 0]) {
        const before = Int32Array.from(c);
        const strideB = byColumns ? columns : depth;
        const shape = [rows, columns, depth, fresh] as const;
        kernels.denseProduct!(
          at(a),
          depth,
          at(b),
          strideB,
          kind,
          at(c),
          columns,
          ...shape,
          scratch,
        );
        for (let m = 0; m < rows; m++) {
          for (let n = 0; n < columns; n++) {
            let sum = fresh === 1 ? 0 : before[m * columns + n]!;
            for (let k = 0; k < depth; k++) {
              sum += a[m * depth + k]! * b[byColumns ? k * columns + n : n * depth + k]!;
            }
            expect(c[m * columns + n]).toBe(sum | 0);
          }
        }
      }
    }
  });
});
