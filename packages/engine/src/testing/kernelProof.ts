/**
 * Runs that reach every kernel, with the bytes that the reference gives: both optimizers, grouped and
 * single heads, cut blocks, a cache of past heads, traced and plain, and the case suite of operations.
 */
import { buildForwardProgram, type TinyTraining, tinyTraining } from "@r3mes/models";
import { TINY_ADAPTER, TINY_SHAPE, tinyWeights } from "@r3mes/models/testing";
import type { Backend, Session, WeightSource } from "../backends/backend.ts";
import { reference } from "../backends/reference.ts";
import { decodeOperationCases, operationCases } from "../ops/operation.case.ts";
import { runCasePlain } from "../ops/runCasePlain.ts";
import { runOperationCase } from "../ops/runOperationCase.ts";
import { createProgramBuilder } from "../program/createProgramBuilder.ts";
import type { Dtype, Role } from "../program/program.ts";
import { packBlock } from "../tensor/storage.ts";
import { extremeWeights } from "./extremeWeights.ts";

export interface KernelProof {
  /** True if the backend gives every byte that the reference gave. A failed self-test is a no. */
  holds(backend: Backend): Promise<boolean>;
}

const shape = { ...TINY_SHAPE, hidden: 32, layers: 1, vocabulary: 40, context: 80 };
const STEPS = 2;

const grouped = tinyTraining({ seed: 23, steps: 10, shape, length: 36 });

const trainings: readonly TinyTraining[] = [
  { ...grouped, weights: extremeWeights(grouped.program) },
  tinyTraining({ seed: 21, steps: 10, shape, length: 37 }),
  tinyTraining({
    seed: 22,
    steps: 10,
    optimizer: "lion",
    shape: { ...shape, heads: 2, kvHeads: 2 },
    length: 35,
  }),
];

type Collect = (bytes: Uint8Array) => void;

export async function createKernelProof(): Promise<KernelProof> {
  const expected: Uint8Array[] = [];
  await collect(reference, (bytes) => void expected.push(bytes.slice()));
  return {
    async holds(backend) {
      let position = 0;
      try {
        await collect(backend, (bytes) => {
          if (Buffer.compare(bytes, expected[position]!) !== 0) throw new RangeError("differs");
          position += 1;
        });
      } catch {
        return false;
      }
      return position === expected.length && (await agreesWithItself(backend));
    },
  };
}

/**
 * Whether a plain step over sequences of 320 leaves the state of a traced one. The reference would take
 * minutes; in shorter sequences no attention weight is small enough to reach every path.
 */
export async function agreesWithItself(backend: Backend): Promise<boolean> {
  const long = { ...shape, context: 320, heads: 2, kvHeads: 1, vocabulary: 33 };
  const training = tinyTraining({ seed: 24, steps: 10, shape: long, sequences: 1, length: 320 });
  // Queries of zeros and equal tokens spread the attention evenly: late weights have 7 bits.
  const weights: WeightSource = async (name) => {
    const bytes = await training.weights(name);
    return name.endsWith(".q.w") ? bytes.fill(0x55) : bytes;
  };
  const states: Uint8Array[][] = [];
  for (const observe of [undefined, () => {}]) {
    const session = await begin(backend, { ...training, weights });
    training.prepareStep(session, 1);
    session.write(
      "tokens",
      packBlock("i32", 1, 321, () => 5),
    );
    await session.run(observe);
    const names = training.program.tensors.filter(({ role }) => role === "state");
    states.push(await Promise.all(names.map(({ name }) => session.read(name))));
    await session.close();
  }
  return states[0]!.every((bytes, i) => Buffer.compare(bytes, states[1]![i]!) === 0);
}

/** Every output of the traced steps, every state of the plain ones, the scores of a decoding step. */
async function collect(backend: Backend, take: Collect): Promise<void> {
  for (const training of trainings) {
    const traced = await begin(backend, training);
    for (let t = 1; t <= STEPS; t++) {
      training.prepareStep(traced, t);
      await traced.run((_operation, _output, bytes) => take(bytes));
    }
    await traced.close();
    const plain = await begin(backend, training);
    for (let t = 1; t <= STEPS; t++) {
      training.prepareStep(plain, t);
      await plain.run();
    }
    for (const { role, name } of training.program.tensors) {
      if (role === "state") take(await plain.read(name));
    }
    await plain.close();
  }
  take(await decode(backend));
  for (const bytes of await smallResults(backend)) take(bytes);
  for (const operationCase of [...operationCases, ...decodeOperationCases]) {
    take(Buffer.from(JSON.stringify(await runOperationCase(backend, operationCase))));
    take(Buffer.from(JSON.stringify(await runCasePlain(backend, operationCase))));
  }
}

/** A linear whose exact sums, scaled, leave 32 bits before they saturate; the scale doubles with each row. */
export function saturations(backend: Backend): Promise<Uint8Array> {
  return scaledLinear(backend, {
    ...{ rows: 12, inputs: 4096, scale: [32767, 14] },
    weight: (row, column) => [1, -1, 0, (column % 3) - 1][row % 4]!,
    x: (row) => (row % 2 === 0 ? 127 : -127),
    m: (row) => 2 ** (10 + row),
  });
}

/** Sums of -1 and others, shifted by 23 to 3 places, whose scale rounds up to 2^15, the largest factor that there is. */
export function scalings(backend: Backend): Promise<Uint8Array> {
  return scaledLinear(backend, {
    ...{ rows: 21, inputs: 64, scale: [23645, 23] },
    weight: (row, column) => (column < row ? 1 : column === row ? -1 : 0),
    x: (_row, column) => (column === 0 ? 1 : 127),
    m: (row) => 11 * 2 ** row,
  });
}

type Value = (row: number, column: number) => number;

interface ScaledLinear {
  readonly rows: number;
  readonly inputs: number;
  /** Mantissa and exponent of the weight's scale. */
  readonly scale: readonly [number, number];
  readonly weight: Value;
  readonly x: Value;
  readonly m: (row: number) => number;
}

async function scaledLinear(backend: Backend, options: ScaledLinear): Promise<Uint8Array> {
  const { rows, inputs, scale, weight, x, m } = options;
  const { declare, add, build } = createProgramBuilder();
  const tensor = (name: string, dtype: Dtype, size: readonly [number, number], role: Role) =>
    declare({
      name,
      dtype,
      rows: size[0],
      columns: size[1],
      tile: { rows: 16, columns: 16 },
      role,
    });
  add("linear", "y", {
    x8: tensor("x8", "i8", [rows, inputs], "input"),
    w: tensor("w", "t2", [16, inputs], "weight"),
    scale: tensor("scale", "i32", [1, 2], "weight"),
    m: tensor("m", "i32", [rows, 1], "input"),
  });
  const program = build("scaled");
  const session = await backend.prepare(program, (name) =>
    name === "w"
      ? packBlock("t2", 16, inputs, weight)
      : packBlock("i32", 1, 2, (_, column) => scale[column]!),
  );
  session.write("x8", packBlock("i8", rows, inputs, x));
  session.write("m", packBlock("i32", rows, 1, m));
  await session.run();
  const bytes = await session.read("y");
  await session.close();
  return bytes;
}

/** Products of odd sizes with int8 and 12-bit rows, in one chunk and in two. */
export async function products(
  backend: Backend,
  rows: number,
  depth = 37,
  chunk = 20,
): Promise<readonly Uint8Array[]> {
  const { declare, add, build } = createProgramBuilder();
  const tensor = (name: string, dtype: Dtype, height: number, role: Role) =>
    declare({ name, dtype, rows: height, columns: depth, tile: { rows: 1, columns: 1 }, role });
  const a = tensor("a", "i8", rows, "input");
  const bytes = tensor("bytes", "i8", 7, "weight");
  const words = tensor("words", "i16", 9, "weight");
  add("gemm", "one", { a, b: bytes }, { chunk: depth, bits: 8 });
  add("gemm", "two", { a, b: words }, { chunk, bits: 12 });
  const program = build("products");
  const value = (row: number, column: number) => ((row * depth + column) * 2_654_435 + 977) >> 3;
  const session = await backend.prepare(program, (name) =>
    name === "bytes"
      ? packBlock("i8", 7, depth, (row, column) => (value(row, column) % 255) - 127)
      : packBlock("i16", 9, depth, (row, column) => (value(row, column) % 4095) - 2047),
  );
  session.write(
    "a",
    packBlock("i8", rows, depth, (row, column) => (value(column, row) % 255) - 127),
  );
  await session.run();
  const results = [await session.read("one"), await session.read("two")];
  await session.close();
  return results;
}

/** Scores that are shifted by every number of places, from none that saturate to all. */
export async function scores(backend: Backend): Promise<readonly Uint8Array[]> {
  const [rows, columns, vocabulary] = [6, 256, 29];
  // The multipliers of rows make every shift of these.
  const exponents = Array.from({ length: 16 }, (_, i) => 3 * i);
  const { declare, add, build } = createProgramBuilder();
  const tensor = (name: string, dtype: Dtype, size: readonly [number, number], role: Role) =>
    declare({
      name,
      dtype,
      rows: size[0],
      columns: size[1],
      tile: { rows: 1, columns: 1 },
      role,
    });
  const hidden = {
    f8: tensor("f8", "i8", [rows, columns], "input"),
    m: tensor("m", "i32", [rows, 1], "input"),
    e8: tensor("e8", "i8", [vocabulary, columns], "weight"),
    rowScale: tensor("rowScale", "i16", [vocabulary, 1], "weight"),
  };
  for (const own of exponents) {
    const exponent = tensor(`exponent${own}`, "i32", [1, 1], "weight");
    add("head.score", `score${own}`, { ...hidden, exponent });
  }
  const program = build("scores");
  const mixed = (row: number, column: number) =>
    Math.imul(row * columns + column + 1, 0x9e3779b1) >> 24;
  const session = await backend.prepare(program, (name) => {
    if (name === "e8")
      return packBlock("i8", vocabulary, columns, (row, column) =>
        row === 0 ? 127 : row === 1 ? -127 : mixed(row, column),
      );
    if (name === "rowScale") return packBlock("i16", vocabulary, 1, (row) => 32_767 - 1_000 * row);
    return packBlock("i32", 1, 1, () => Number(name.slice("exponent".length)));
  });
  session.write(
    "f8",
    packBlock("i8", rows, columns, (row, column) => (row < 3 ? 127 : mixed(column, row))),
  );
  const multipliers = [9_000, 2 ** 23 - 1, 1, 0, 70_000, 600];
  session.write(
    "m",
    packBlock("i32", rows, 1, (row) => multipliers[row]!),
  );
  await session.run();
  const results: Uint8Array[] = [];
  for (const own of exponents) results.push(await session.read(`score${own}`));
  await session.close();
  return results;
}

/** Gradients of sisters whose exponents are up to 120 apart, either way, and rows of zeros. */
export async function alignments(backend: Backend): Promise<readonly Uint8Array[]> {
  const rows = 128;
  const { declare, add, build } = createProgramBuilder();
  const tensor = (name: string, dtype: Dtype, columns: number, role: Role, height = rows) =>
    declare({ name, dtype, rows: height, columns, tile: { rows: 1, columns: 1 }, role });
  const tile = { rows: 16, columns: 16 };
  const w = declare({ name: "w", dtype: "t2", rows: 16, columns: 16, tile, role: "weight" });
  add("linear.backward", "d", {
    dy8: tensor("dy8", "i8", 16, "input"),
    dm: tensor("dm", "i16", 1, "input"),
    w,
    scale: tensor("scale", "i32", 2, "weight", 1),
    addend: tensor("addend", "i32", 16, "input"),
    addendE: tensor("addendE", "i16", 1, "input"),
  });
  const program = build("alignments");
  const session = await backend.prepare(program, (name) =>
    name === "w"
      ? packBlock("t2", 16, 16, (row, column) => ((row + 2 * column) % 3) - 1)
      : packBlock("i32", 1, 2, (_, column) => [29_000, 12][column]!),
  );
  const mixed = (row: number, column: number) =>
    Math.imul(row * 16 + column + 1, 0x9e3779b1) >> (row % 30);
  session.write(
    "dy8",
    packBlock("i8", rows, 16, (row, column) => mixed(row, column) % 128),
  );
  session.write(
    "dm",
    packBlock("i16", rows, 1, (row) => (row % 9 === 0 ? -16_384 : (row % 7) - 3)),
  );
  session.write(
    "addend",
    packBlock("i32", rows, 16, (row, column) => mixed(row, column) >> 1),
  );
  session.write(
    "addendE",
    packBlock("i16", rows, 1, (row) => row - 60),
  );
  await session.run();
  const results = [await session.read("d.dx"), await session.read("d.e")];
  await session.close();
  return results;
}

/** Rank vectors of every length in bits, so that every shift to their mantissas is there. */
async function ranks(backend: Backend): Promise<readonly Uint8Array[]> {
  const [rows, rank] = [31, 8];
  const { declare, add, build } = createProgramBuilder();
  const tensor = (name: string, dtype: Dtype, size: readonly [number, number], role: Role) =>
    declare({
      name,
      dtype,
      rows: size[0],
      columns: size[1],
      tile: { rows: 1, columns: 1 },
      role,
    });
  const acc = tensor("acc", "i32", [rows, rank], "input");
  const factor = tensor("factor", "i16", [1, 1], "weight");
  const dm = tensor("dm", "i16", [rows, 1], "input");
  add("rank.quantise", "u", { acc, factor, dm }, { rank, alphaShift: 1 });
  const program = build("ranks");
  const session = await backend.prepare(program, () => packBlock("i16", 1, 1, () => -6));
  session.write(
    "acc",
    packBlock(
      "i32",
      rows,
      rank,
      (row, column) => (column % 2 === 0 ? 2 ** row - 1 : -(2 ** row)) >> column,
    ),
  );
  session.write(
    "dm",
    packBlock("i16", rows, 1, (row) => (row % 7) - 3),
  );
  await session.run();
  const results = [await session.read("u.u"), await session.read("u.e")];
  await session.close();
  return results;
}

/** The results of the small programs above and below, of which a backend must give every byte. */
export async function smallResults(backend: Backend): Promise<readonly Uint8Array[]> {
  return [
    await exponentials(backend),
    await saturations(backend),
    await scalings(backend),
    ...(await scores(backend)),
    ...(await alignments(backend)),
    ...(await ranks(backend)),
    ...(await products(backend, 2)),
    ...(await products(backend, 5)),
    // Deeper than what any kernel lays out at once.
    ...(await products(backend, 5, 1_100, 1_060)),
  ];
}

/** Exponentials at the ends of their table, of their halvings and of their range, one in each row. */
export async function exponentials(backend: Backend): Promise<Uint8Array> {
  const steps = [0, 1, 255, 256, 257, 65_280, 65_535];
  const distances = Array.from({ length: 33 }, (_, halvings) =>
    steps.map((step) => halvings * 65_536 + step),
  ).flat();
  const { declare, add, build } = createProgramBuilder();
  const column = (name: string) =>
    declare({
      name,
      dtype: "i32",
      rows: distances.length,
      columns: 1,
      tile: { rows: 8, columns: 1 },
      role: "input",
    });
  add("head.sum", "sum", { score: column("score"), max: column("max") }, { chunk: 1 });
  const program = build("exponentials");
  const session = await backend.prepare(program, () => new Uint8Array());
  const rows = distances.length;
  session.write(
    "score",
    packBlock("i32", rows, 1, (row) => 1_000_000 - distances[row]!),
  );
  session.write(
    "max",
    packBlock("i32", rows, 1, () => 1_000_000),
  );
  await session.run();
  const bytes = await session.read("sum");
  await session.close();
  return bytes;
}

async function begin(backend: Backend, training: TinyTraining): Promise<Session> {
  const session = await backend.prepare(training.program, training.weights);
  training.begin(session);
  return session;
}

async function decode(backend: Backend): Promise<Uint8Array> {
  const options = { sequences: 1, length: 1, past: 37, adapter: TINY_ADAPTER };
  const program = buildForwardProgram(shape, options);
  const session = await backend.prepare(program, tinyWeights(program, 4));
  program.tensors.forEach(({ name, dtype, rows, columns, role }, position) => {
    if (role !== "input" && role !== "state") return;
    const limit = name === "tokens" ? 40 : name.endsWith(".e") ? 12 : dtype === "i8" ? 127 : 4096;
    const value = (row: number, column: number) =>
      (Math.imul(row * 31 + column + position, 2_654_435_761) >>> 7) % limit;
    session.write(name, packBlock(dtype, rows, columns, value));
  });
  await session.run();
  const bytes = await session.read("score");
  await session.close();
  return bytes;
}
