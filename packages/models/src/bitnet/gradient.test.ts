/**
 * The integer gradient against an independent one: the same model written once more in floating point, without any
 * quantisation, differentiated by central differences. It finds what bit-equality between backends cannot: a sign, a factor
 * or a term that is wrong everywhere alike.
 */
import { type Program, packBlock, reference, unpackBlock } from "@r3mes/engine";
import { noise } from "@r3mes/protocol";
import { expect, test } from "vitest";
import { type BitnetShape, LINEARS, type LinearName } from "./bitnetShape.ts";
import { TINY_ADAPTER, tinyTraining } from "./tinyTraining.ts";

const shape: BitnetShape = {
  hidden: 32,
  layers: 2,
  heads: 2,
  kvHeads: 1,
  headSize: 16,
  ffn: 32,
  vocabulary: 32,
  context: 16,
  normEpsilon: 2 ** 31 - 1,
};
const SEQUENCES = 2;
const LENGTH = 8;
const SEED = 21;
/** Each differentiated element costs two forward passes; odd, so that every column and row is met. */
const STRIDE = 7;

const training = tinyTraining({
  seed: SEED,
  steps: 10,
  shape,
  sequences: SEQUENCES,
  length: LENGTH,
});
const { program } = training;

type Rows = Float64Array[];

/** Every weight and factor as real numbers, by tensor name. */
type Reals = ReadonlyMap<string, { readonly values: Float64Array; readonly columns: number }>;

const UNITS: readonly (readonly [RegExp, number])[] = [
  [/^embedding$/, 2 ** -16],
  [/\.gain$/, 2 ** -12],
  [/^rope$/, 2 ** -14],
  [/\.[ab]$/, 2 ** -24],
];

function realsOf(bytesOf: ReadonlyMap<string, Uint8Array>): Reals {
  return new Map(
    program.tensors.flatMap((tensor) => {
      const bytes = bytesOf.get(tensor.name);
      if (bytes === undefined) return [];
      const unit = UNITS.find(([pattern]) => pattern.test(tensor.name))?.[1] ?? 1;
      const values = Float64Array.from(
        unpackBlock(tensor.dtype, tensor.rows, tensor.columns, bytes) as Int32Array,
        (value) => value * unit,
      );
      return [[tensor.name, { values, columns: tensor.columns }]] as const;
    }),
  );
}

function normalise(rows: Rows, gain: Float64Array): Rows {
  return rows.map((row) => {
    const epsilon = shape.normEpsilon! * 2 ** -40;
    const rms = Math.sqrt(row.reduce((sum, x) => sum + x * x, 0) / row.length + epsilon);
    return row.map((x, i) => (x / rms) * gain[i]!);
  });
}

/** x M^T for M with `columns` columns. */
function product(x: Float64Array, matrix: Float64Array, columns: number): Float64Array {
  return Float64Array.from({ length: matrix.length / columns }, (_, row) => {
    let sum = 0;
    for (let k = 0; k < columns; k++) sum += x[k]! * matrix[row * columns + k]!;
    return sum;
  });
}

function linear(reals: Reals, layer: number, name: LinearName, rows: Rows): Rows {
  const base = `layers.${layer}.${name}`;
  const w = reals.get(`${base}.w`)!;
  const [mantissa, exponent] = reals.get(`${base}.scale`)!.values;
  const a = reals.get(`${base}.a`)!;
  const b = reals.get(`${base}.b`)!;
  const scale = mantissa! * 2 ** -exponent!;
  const gain = TINY_ADAPTER.alpha / TINY_ADAPTER.rank;
  return rows.map((x) => {
    const y = product(x, w.values, w.columns);
    const u = product(x, a.values, a.columns);
    return y.map((value, o) => {
      let low = 0;
      for (let j = 0; j < TINY_ADAPTER.rank; j++) low += u[j]! * b.values[j * b.columns + o]!;
      return value * scale + gain * low;
    });
  });
}

function rotate(
  row: Float64Array,
  heads: number,
  position: number,
  rope: Float64Array,
): Float64Array {
  const size = shape.headSize;
  const half = size / 2;
  const out = row.slice();
  for (let head = 0; head < heads; head++) {
    for (let i = 0; i < half; i++) {
      const [a, b] = [row[head * size + i]!, row[head * size + half + i]!];
      const [c, s] = [rope[position * size + i]!, rope[position * size + half + i]!];
      out[head * size + i] = a * c - b * s;
      out[head * size + half + i] = a * s + b * c;
    }
  }
  return out;
}

function attend(q: Rows, k: Rows, v: Rows): Rows {
  const size = shape.headSize;
  const group = shape.heads / shape.kvHeads;
  return q.map((query, t) => {
    const first = t - (t % LENGTH);
    const out = new Float64Array(shape.heads * size);
    for (let head = 0; head < shape.heads; head++) {
      const offset = Math.floor(head / group) * size;
      const weights = [];
      for (let j = first; j <= t; j++) {
        let dot = 0;
        for (let d = 0; d < size; d++) dot += query[head * size + d]! * k[j]![offset + d]!;
        weights.push(Math.exp(dot / Math.sqrt(size)));
      }
      const total = weights.reduce((sum, w) => sum + w, 0);
      weights.forEach((w, i) => {
        for (let d = 0; d < size; d++)
          out[head * size + d]! += (w / total) * v[first + i]![offset + d]!;
      });
    }
    return out;
  });
}

const add = (a: Rows, b: Rows): Rows => a.map((row, t) => row.map((x, i) => x + b[t]![i]!));

/** Mean loss in nats. */
function lossOf(reals: Reals, tokens: readonly number[][]): number {
  const get = (name: string) => reals.get(name)!.values;
  const embedding = get("embedding");
  const rope = get("rope");
  let x: Rows = tokens.flatMap((sequence) =>
    sequence
      .slice(0, LENGTH)
      .map((id) => embedding.slice(id * shape.hidden, (id + 1) * shape.hidden)),
  );
  for (let layer = 0; layer < shape.layers; layer++) {
    const norm = (name: string) => get(`layers.${layer}.${name}.gain`);
    const input = normalise(x, norm("inputNorm"));
    const turn = (rows: Rows, heads: number) =>
      rows.map((row, t) => rotate(row, heads, t % LENGTH, rope));
    const q = turn(linear(reals, layer, "q", input), shape.heads);
    const k = turn(linear(reals, layer, "k", input), shape.kvHeads);
    const context = attend(q, k, linear(reals, layer, "v", input));
    x = add(x, linear(reals, layer, "o", normalise(context, norm("attentionNorm"))));
    const middle = normalise(x, norm("middleNorm"));
    const gate = linear(reals, layer, "gate", middle);
    const up = linear(reals, layer, "up", middle);
    const hidden = gate.map((row, t) => row.map((g, i) => Math.max(0, g) ** 2 * up[t]![i]!));
    x = add(x, linear(reals, layer, "down", normalise(hidden, norm("feedNorm"))));
  }
  const last = normalise(x, get("finalNorm.gain"));
  const targets = tokens.flatMap((sequence) => sequence.slice(1));
  const unit = 2 ** -get("head.exponent")[0]!;
  const rowScale = get("head.rowScale");
  const losses = last.map((row, t) => {
    const logits = product(row, get("head.e8"), shape.hidden).map(
      (z, v) => z * rowScale[v]! * unit,
    );
    const max = Math.max(...logits);
    const total = logits.reduce((sum, z) => sum + Math.exp(z - max), 0);
    return Math.log(total) + max - logits[targets[t]!]!;
  });
  return losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
}

function factorNames(): string[] {
  return Array.from({ length: shape.layers }, (_, layer) =>
    LINEARS.flatMap((name) => [`layers.${layer}.${name}.a`, `layers.${layer}.${name}.b`]),
  ).flat();
}

function tensorOf(p: Program, name: string) {
  return p.tensors.find((tensor) => tensor.name === name)!;
}

/** The engine's gradient of every factor, in real units. */
async function engineGradients(bytesOf: Map<string, Uint8Array>) {
  const session = await reference.prepare(program, training.weights);
  training.begin(session);
  training.prepareStep(session, 1);
  for (const [id, tensor] of program.tensors.entries()) {
    if (tensor.role === "weight" && tensor.transposeOf === undefined) {
      bytesOf.set(program.tensors[id]!.name, await session.read(tensor.name));
    }
  }
  for (const name of factorNames()) {
    if (name.endsWith(".b")) session.write(name, randomFactor(name));
    bytesOf.set(name, await session.read(name));
  }
  bytesOf.set("tokens", await session.read("tokens"));
  const outputs = new Map<string, Uint8Array>();
  await session.run((operation, output, bytes) => {
    const { name } = program.tensors[program.operations[operation]!.outputs[output]!]!;
    if (/\.[ab]\.(gradient|fold)$/.test(name)) outputs.set(name, bytes.slice());
  });
  return new Map(
    factorNames().map((name) => {
      const acc = tensorOf(program, `${name}.gradient`);
      const values = unpackBlock(
        acc.dtype,
        acc.rows,
        acc.columns,
        outputs.get(acc.name)!,
      ) as Int32Array;
      const magnitude = new DataView(outputs.get(`${name}.fold`)!.buffer).getInt16(0, true);
      const activation = name.endsWith(".a") ? 33026 * 2 ** -34 : 1;
      const unit = (2 ** (magnitude - 12) * activation) / (SEQUENCES * LENGTH);
      return [name, Float64Array.from(values, (value) => value * unit)] as const;
    }),
  );
}

function randomFactor(name: string): Uint8Array {
  const { rows, columns } = tensorOf(program, name);
  const word = name.length * 31 + name.charCodeAt(7);
  return packBlock(
    "i32",
    rows,
    columns,
    (row, column) => (noise(SEED, word, 8, row, column) >>> 10) - 2 ** 21,
  );
}

const cosine = (a: Float64Array, b: Float64Array): number => {
  const dot = (x: Float64Array, y: Float64Array) =>
    x.reduce((sum, value, i) => sum + value * y[i]!, 0);
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
};

test("every factor's gradient points where a floating-point model says, with its length", async () => {
  const bytesOf = new Map<string, Uint8Array>();
  const gradients = await engineGradients(bytesOf);
  const reals = realsOf(bytesOf);
  const flat = unpackBlock("i32", SEQUENCES, LENGTH + 1, bytesOf.get("tokens")!) as Int32Array;
  const tokens = Array.from({ length: SEQUENCES }, (_, b) => [
    ...flat.subarray(b * (LENGTH + 1), (b + 1) * (LENGTH + 1)),
  ]);
  const step = 2 ** -16;
  const measured = factorNames().map((name) => {
    const { values } = reals.get(name)!;
    const sample = Array.from({ length: Math.ceil(values.length / STRIDE) }, (_, i) => i * STRIDE);
    const expected = Float64Array.from(sample, (i) => {
      const value = values[i]!;
      values[i] = value + step;
      const above = lossOf(reals, tokens);
      values[i] = value - step;
      const below = lossOf(reals, tokens);
      values[i] = value;
      return (above - below) / (2 * step);
    });
    const found = Float64Array.from(sample, (i) => gradients.get(name)![i]!);
    const length = Math.hypot(...found) / Math.hypot(...expected);
    return { name, cosine: cosine(found, expected), length };
  });
  const poor = measured.filter((m) => m.cosine < 0.97 || m.length < 0.9 || m.length > 1.1);
  expect(poor).toEqual([]);
});
