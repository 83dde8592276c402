/** Heads, attention and its gradients, with and without groups. */
import type { Inputs, TensorId } from "../../program/createProgramBuilder.ts";
import {
  all,
  alternate,
  type Case,
  type Fill,
  type OperationCase,
  operationCase,
  random,
  rows,
  uneven,
} from "./operationCase.ts";

interface AttentionShape {
  readonly heads: number;
  readonly group: number;
  readonly length: number;
  readonly size: number;
  readonly chunk: number;
  /** Whether all gradients are computed before the first is merged: a backend may then run them as one step. */
  readonly isJoined?: boolean;
}

interface AttentionFill {
  readonly q: Fill;
  readonly k: Fill;
  readonly v: Fill;
  readonly d: Fill;
}

type Combine = (kind: string, name: string, inputs: Inputs, reduction: "max" | "sum") => TensorId;

const frameOf = (s: AttentionShape) => ({
  heads: s.heads,
  group: s.group,
  queries: s.length,
  keys: s.length,
});

/** round(2^12 log2(e) / 4): the scale of heads of 16. */
const SCALE = 1477;

/** A statistic in chunks of positions with its reduction. */
function combineOf(c: Case, s: AttentionShape): Combine {
  const params = { ...frameOf(s), scale: SCALE, chunk: s.chunk };
  return (kind, name, inputs, reduction) => {
    const part = c.one(kind, `${name}.part`, inputs, params);
    const chunkColumns = c.builder.tensor(part).columns;
    return c.one(`reduce.${reduction}`, name, { x: part }, { chunkRows: 1, chunkColumns, wide: 0 });
  };
}

function addAttentionForward(c: Case, s: AttentionShape, fill: AttentionFill) {
  const { heads, group, length, size } = s;
  // Cosines and sines that need no table of sines: a little off the circle, as nothing here minds.
  const angles: Fill = (row, column) =>
    column < size / 2 ? 16384 - 300 * ((row * column) % 9) : 97 * ((row * column) % 31);
  const rope = c.input("rope", "i16", length, size, angles, "weight");
  const rotate = (name: string, count: number, values: Fill) => {
    const x = c.input(name, "i32", 2 * length, count * size, values);
    const params = { heads: count, length, exponent: 16, start: 0 };
    const [z8, e] = c.builder.add("heads.rotate", `${name}8`, { x, rope }, params);
    return { z8: z8!, e: e! };
  };
  const q = rotate("q", heads, fill.q);
  const k = rotate("k", heads / group, fill.k);
  const values = c.input("v", "i32", 2 * length, (heads / group) * size, fill.v);
  const split = (bits: number) => {
    const params = { heads: heads / group, length, exponent: 16, bits };
    const [z, e] = c.builder.add("heads.split", `v${bits}`, { x: values }, params);
    return { z: z!, e: e! };
  };
  const v = split(12);
  const combine = combineOf(c, s);
  const x = c.one("attention.prefix", "x", { ve: v.e }, { length });
  const scores = { q8: q.z8, qe: q.e, k8: k.z8, ke: k.e };
  const max = combine("attention.max", "max", scores, "max");
  const sum = combine("attention.sum", "sum", { ...scores, max }, "sum");
  const params = { ...frameOf(s), scale: SCALE };
  const w = c.one("attention.weights", "w", { ...scores, max, ve: v.e, x }, params);
  c.one("attention.context", "o", { w, v: v.z, sum, x }, frameOf(s));
  return { rope, scores, v: split(8), max, sum };
}

function addAttentionFamily(c: Case, s: AttentionShape, fill: AttentionFill): void {
  const { heads, group, length, size } = s;
  const { rope, scores, v, max, sum } = addAttentionForward(c, s, fill);
  const combine = combineOf(c, s);
  const params = { ...frameOf(s), scale: SCALE };
  const grouped = (kind: string, name: string, x: TensorId) =>
    group === 1 ? x : c.one(kind, name, { x }, { group, length });
  const product = (name: string, w8: TensorId, x8: TensorId) =>
    grouped(
      "group.sum",
      name,
      c.one("attention.keyGradient", `${name}.head`, { w8, x8 }, frameOf(s)),
    );

  const d = c.input("d", "i32", 2 * length, heads * size, fill.d);
  const e = c.input("de", "i16", 2 * length, 1, rows(all(20), all(33), all(-4)));
  const [do8, doe] = c.builder.add(
    "heads.split",
    "do8",
    { x: d, e },
    { heads, length, exponent: 0, bits: 8 },
  );
  const values = { v8: v.z, ve: v.e, do8, doe };
  const dpm = combine("attention.gradientMagnitude", "dpm", values, "max");
  const inputs = { ...scores, ...values, max, sum, dpm };
  const gradients = { ...inputs, delta: combine("attention.delta", "delta", inputs, "sum") };

  const merges: (() => void)[] = [];
  const merge = (name: string, gradient: Gradient) => {
    const add = () => addMerge(c, s, name, gradient);
    if (s.isJoined) merges.push(add);
    else add();
  };

  const dm = combine("attention.queryMagnitude", "dm", gradients, "max");
  const d8 = c.one("attention.queryWeights", "d8", { ...gradients, dm }, params);
  const dq = c.one("attention.queryGradient", "dq", { d8, k8: scores.k8 }, frameOf(s));
  merge("dqRow", { x: dq, m: dm, heads, rope });

  const keyMagnitude = combine("attention.keyMagnitude", "km.head", gradients, "max");
  const km = grouped("group.max", "km", keyMagnitude);
  const k8 = c.one("attention.keyWeights", "dk8", { ...gradients, km }, params);
  merge("dkRow", { x: product("dk", k8, scores.q8), m: km, heads: heads / group, rope });

  const weights = { ...scores, doe, max, sum };
  const valueMagnitude = combine("attention.valueMagnitude", "vm.head", weights, "max");
  const vm = grouped("group.max", "vm", valueMagnitude);
  const p8 = c.one("attention.valueWeights", "p8", { ...weights, km: vm }, params);
  merge("dvRow", { x: product("dv", p8, do8!), m: vm, heads: heads / group });
  for (const add of merges) add();
}

interface Gradient {
  readonly x: TensorId;
  readonly m: TensorId;
  readonly heads: number;
  readonly rope?: TensorId;
}

function addMerge(c: Case, { length }: AttentionShape, name: string, o: Gradient): void {
  const { x, m, heads, rope } = o;
  const part = c.one("heads.magnitude", `${name}.part`, { x, m }, { heads, length, chunk: 1 });
  const over = { chunkRows: 1, chunkColumns: heads };
  const magnitude = c.one("reduce.max", `${name}.magnitude`, { x: part }, over);
  const params = { heads, length, multiplier: rope === undefined ? 0 : 8192 };
  c.builder.add("heads.merge", name, { x, m, magnitude, rope }, params);
}

export function attentionCases(): OperationCase[] {
  const shapes: readonly AttentionShape[] = [
    { heads: 2, group: 1, length: 8, size: 16, chunk: 8 },
    { heads: 4, group: 2, length: 24, size: 32, chunk: 10 },
  ];
  const fills = [
    ["random", { q: random(18, 1), k: random(18, 2), v: random(18, 3), d: random(20, 4) }],
    [
      "scores that saturate",
      { q: all(2 ** 30), k: alternate(2 ** 30, -(2 ** 30)), v: random(20, 5), d: random(24, 6) },
    ],
    ["uneven rows and zero rows", { q: uneven(31), k: uneven(32), v: uneven(33), d: uneven(34) }],
    ["everything zero", { q: all(0), k: all(0), v: all(0), d: all(0) }],
    [
      "equal scores, one value dwarfs the others",
      {
        q: all(0),
        k: random(16, 7),
        v: rows(random(4, 8), random(4, 9), all(2 ** 30)),
        d: random(12, 10),
      },
    ],
  ] as const;
  const families = shapes.flatMap((shape) =>
    fills.map(([label, fill]) =>
      operationCase(`attention ${shape.heads}/${shape.group} x ${shape.length}: ${label}`, (c) =>
        addAttentionFamily(c, shape, fill),
      ),
    ),
  );
  const joined = { heads: 4, group: 2, length: 40, size: 16, chunk: 16, isJoined: true };
  const whole = [fills[0], fills[2], smallGradients(joined.size)].map(([label, fill]) =>
    operationCase(`attention 4/2 x 40, its gradients at once: ${label}`, (c) =>
      addAttentionFamily(c, joined, fill),
    ),
  );
  return [...families, largestSums(), ...whole];
}

/**
 * Gradients meet only the smallest parts of values, so products have a bit or two, to be widened to 16. Every other value dwarfs
 * the rest and meets nothing: a product of zero, whose exponent must not count.
 */
function smallGradients(size: number): readonly [string, AttentionFill] {
  const d: Fill = (_, column) => [127 << 10, 1 << 10][column % size] ?? 0;
  const v: Fill = (row, column) =>
    (row % 2 === 0 ? [0, 0, 2 ** 29] : [0, 1, 64])[column % size] ?? 0;
  return ["the smallest products", { q: random(18, 11), k: random(18, 12), v, d }];
}

/** The largest weights times the largest values, over more keys than 32 bits hold. */
function largestSums(): OperationCase {
  const shape = { heads: 1, group: 1, length: 136, size: 8, chunk: 64 };
  const v: Fill = (_, column) => (column % 2 === 0 ? 2 ** 31 - 1 : 1 - 2 ** 31);
  return operationCase("attention 1/1 x 136: equal scores of the largest values", (c) => {
    addAttentionForward(c, shape, { q: all(0), k: all(0), v, d: all(0) });
  });
}
