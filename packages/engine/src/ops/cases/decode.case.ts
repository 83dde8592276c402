/** Decoding: caches that are filled to a position, with noise behind it, and factors that are a sequence's own. */
import {
  all,
  codes,
  type Fill,
  type OperationCase,
  operationCase,
  random,
  ternary,
  uneven,
} from "./operationCase.ts";

const [HEADS, GROUP, SIZE] = [4, 2, 16];
const CAPACITY = 12;
const KEY_HEADS = HEADS / GROUP;

interface Run {
  /** Cached positions of each sequence. */
  readonly positions: readonly number[];
  /** New positions of each. */
  readonly length: number;
  readonly capacity?: number;
  /** Cached values and their exponents. */
  readonly values?: readonly [Fill, Fill];
}

function decodeCase(label: string, run: Run, fill: Fill): OperationCase {
  const { positions, length, capacity = CAPACITY } = run;
  const [values, exponents] = run.values ?? [codes(5, 12), random(4, 6)];
  const sequences = positions.length;
  return operationCase(`decode at ${positions.join(", ")}: ${label}`, (c) => {
    const angles: Fill = (row, column) => (column < SIZE / 2 ? 16000 - 90 * row : 310 * row);
    const rope = c.input("rope", "i16", capacity, SIZE, angles, "weight");
    const at = c.input("position", "i32", sequences, 1, (row) => positions[row]!, "constant");
    const rotate = (name: string, heads: number) => {
      const x = c.input(name, "i32", sequences * length, heads * SIZE, fill);
      const params = { heads, length, exponent: 16 };
      const [z8, e] = c.builder.add("decode.rotate", `${name}8`, { x, rope, position: at }, params);
      return { z8: z8!, e: e! };
    };
    const q = rotate("q", HEADS);
    const k = rotate("k", KEY_HEADS);
    const x = c.input("v", "i32", sequences * length, KEY_HEADS * SIZE, fill);
    const split = { heads: KEY_HEADS, length, exponent: 16, bits: 12 };
    const [v, ve] = c.builder.add("heads.split", "v12", { x }, split);
    const rows = sequences * KEY_HEADS * capacity;
    const past = {
      pastK8: c.input("pastK8", "i8", rows, SIZE, random(8, 3), "state"),
      pastKe: c.input("pastKe", "i16", rows, 1, random(4, 4), "state"),
      pastV: c.input("pastV", "i16", rows, SIZE, values, "state"),
      pastVe: c.input("pastVe", "i16", rows, 1, exponents, "state"),
    };
    const next = { k8: k.z8, ke: k.e, v: v!, ve: ve! };
    const inputs = { q8: q.z8, qe: q.e, ...next, ...past, position: at };
    const frame = { heads: HEADS, group: GROUP, length, capacity, scale: 1477 };
    c.one("decode.attention", "o", inputs, frame);
    const params = { capacity, length };
    const write = (cache: number, rowsOf: number) =>
      c.builder.add("cache.write", `write${cache}`, { cache, next: rowsOf, position: at }, params, {
        into: [cache],
      });
    write(past.pastK8, next.k8);
    write(past.pastV, next.v);
    write(past.pastVe, next.ve);
  });
}

interface FactorsRun {
  readonly rank: number;
  readonly length: number;
  /** Whether there are rows of zeros. */
  readonly zeros?: boolean;
  /** Of the factors of each sequence. */
  readonly magnitudes?: readonly number[];
}

/** Three sequences of `length` rows, each with factors of its own: another noise, another magnitude, zeros. */
function factorsCase(label: string, run: FactorsRun) {
  const { rank, length, zeros = true, magnitudes = [-3, -11, -16_384] } = run;
  const sequences = 3;
  const [inputs, outputs, rows] = [64, 96, sequences * length];
  return operationCase(`factors of a sequence: ${label}`, (c) => {
    const factor = (name: string, columns: number, seed: number) => {
      const noise = random(12, seed);
      const fill: Fill = (row, column) => (row < 2 * rank ? noise(row, column) : 0);
      return {
        copy: c.input(name, "i16", sequences * rank, columns, fill, "state"),
        magnitude: c.input(
          `${name}.magnitude`,
          "i16",
          sequences,
          1,
          (row) => magnitudes[row]!,
          "state",
        ),
      };
    };
    const x8 = c.input("x8", "i8", rows, inputs, codes(1));
    const multipliers = zeros ? [8_388_607, 1, 0, 40_000] : [3, 1, 9, 40];
    const m = c.input("m", "i32", rows, 1, (row) => multipliers[row % 4]!);
    const w = c.input("w", "t2", outputs, inputs, ternary(2), "weight");
    const scale = c.input("scale", "i32", 1, 2, (_, n) => (n === 0 ? 32_767 : 20), "weight");
    const a = factor("a", inputs, 3);
    const b = factor("b", outputs, 4);
    const acc = c.one("decode.product", "acc", { a: x8, b: a.copy }, { chunk: 48, bits: 12, rank });
    const inner = { acc, factor: a.magnitude, m };
    const [u, ue] = c.builder.add("decode.rank", "u", inner, { rank, alphaShift: 0 });
    const adapted = { x8, w, scale, m, u, ue, b: b.copy, bm: b.magnitude };
    const y = c.one("decode.linear", "y", adapted, { alphaShift: 1 });
    c.one("decode.linear", "residual", { ...adapted, residual: y }, { alphaShift: -2 });
  });
}

/**
 * Rows of one token each, in any number, whose sums rise from output to output through the ends of the format, while the share of
 * the adapter brings some of them back.
 */
function risingCase(sequences: number): OperationCase {
  const [inputs, outputs, rank] = [2_048, 96, 8];
  return operationCase(`sums that pass the end of their format: ${sequences} sequences`, (c) => {
    const x8 = c.input("x8", "i8", sequences, inputs, (row) => (row % 2 === 0 ? 127 : -128));
    const m = c.input("m", "i32", sequences, 1, (row) => [3_000_000, 1_900_000][(row >> 1) % 2]!);
    const rising: Fill = (row, column) => (column < 21 * row ? 1 : 0);
    const w = c.input("w", "t2", outputs, inputs, rising, "weight");
    const scale = c.input("scale", "i32", 1, 2, (_, n) => (n === 0 ? 32_767 : 20), "weight");
    const u = c.input("u", "i16", sequences, rank, (row) => (row % 3 === 0 ? 8_191 : -8_191));
    const ue = c.input("ue", "i16", sequences, 1, (row) => 6 + row);
    const b = c.input("b", "i16", sequences * rank, outputs, random(12, 7), "state");
    const bm = c.input("bm", "i16", sequences, 1, () => -3, "state");
    const adapted = { x8, w, scale, m, u, ue, b, bm };
    c.one("decode.linear", "y", adapted, { alphaShift: 0 });
    c.one("linear", "plain", { x8, w, scale, m }, {});
  });
}

export function decodeCases(): OperationCase[] {
  return [
    decodeCase("nothing cached", { positions: [0], length: 3 }, random(18, 1)),
    decodeCase("some cached", { positions: [5], length: 3 }, random(18, 2)),
    decodeCase("the last positions", { positions: [CAPACITY - 3], length: 3 }, uneven(3)),
    decodeCase("new rows of zeros", { positions: [4], length: 3 }, all(0)),
    decodeCase("sequences of one token", { positions: [7, 0, 11], length: 1 }, random(18, 5)),
    decodeCase("sequences of two tokens", { positions: [10, 3], length: 2 }, uneven(6)),
    decodeCase(
      "equal scores of the largest values",
      { positions: [132], length: 1, capacity: 136, values: [all(2047), all(3)] },
      all(0),
    ),
    factorsCase("one token each", { rank: 4, length: 1 }),
    factorsCase("runs of tokens, a wide rank", { rank: 64, length: 5 }),
    factorsCase("runs of tokens, no row of zeros", { rank: 8, length: 5, zeros: false }),
    ...[1, 2, 3, 4, 5, 6, 7, 8, 9].map(risingCase),
    factorsCase("few tokens, magnitudes side by side", {
      ...{ rank: 8, length: 2, zeros: false },
      magnitudes: [-3, -4, -5],
    }),
    factorsCase("runs of tokens, magnitudes side by side", {
      ...{ rank: 8, length: 5, zeros: false },
      magnitudes: [-3, -4, -5],
    }),
  ];
}
