import { type Program, packBlock, reference, type Session, unpackBlock } from "@r3mes/engine";
import { noise } from "@r3mes/protocol";
import { beforeAll, describe, expect, test } from "vitest";
import { buildCopyProgram, buildDecodeProgram, buildForwardProgram } from "./buildBitnet.ts";
import { TINY_ADAPTER, TINY_SHAPE, tinyTraining } from "./tinyTraining.ts";

const LENGTH = 24;
const SEED = 5;
const { vocabulary, layers } = TINY_SHAPE;
const training = tinyTraining({ seed: SEED, steps: 10, sequences: 1, length: LENGTH });
const tokens = Array.from({ length: LENGTH + 1 }, (_, i) => noise(SEED, 0, 9, 0, i) % vocabulary);

/** Factors after two steps, so that the adapter takes part. */
let factors: ReadonlyMap<string, Uint8Array>;
/** Their working copies, which a decoder keeps. */
let copies: ReadonlyMap<string, Uint8Array>;
/** Scores of the training forward, one row for each token. */
let trained: readonly Int32Array[];

function tokenBytes(ids: readonly number[]): Uint8Array {
  return packBlock("i32", 1, ids.length, (_, column) => ids[column]!);
}

/** Runs a program and keeps the tensors with these names. */
async function capture(
  session: Session,
  names: readonly string[],
): Promise<Map<string, Uint8Array>> {
  const found = new Map<string, Uint8Array>();
  await session.run((operation, output, bytes) => {
    const { name } =
      session.program.tensors[session.program.operations[operation]!.outputs[output]!]!;
    if (names.includes(name)) found.set(name, bytes.slice());
  });
  return found;
}

function rowsOf(program: Program, name: string, bytes: Uint8Array): Int32Array[] {
  const { dtype, rows, columns } = program.tensors.find((tensor) => tensor.name === name)!;
  const values = unpackBlock(dtype, rows, columns, bytes) as Int32Array;
  return Array.from({ length: rows }, (_, row) =>
    values.subarray(row * columns, (row + 1) * columns),
  );
}

async function copiesOf(state: ReadonlyMap<string, Uint8Array>): Promise<Map<string, Uint8Array>> {
  const program = buildCopyProgram(TINY_SHAPE, TINY_ADAPTER);
  const session = await reference.prepare(program, training.weights);
  for (const { name, role } of program.tensors) {
    if (role === "state") session.write(name, state.get(name)!);
  }
  return capture(
    session,
    program.tensors.map(({ name }) => name),
  );
}

async function scores(
  ids: readonly number[],
  past?: ReadonlyMap<string, Uint8Array>,
  position = 0,
) {
  const program = buildForwardProgram(TINY_SHAPE, {
    sequences: 1,
    length: ids.length,
    past: position,
    adapter: TINY_ADAPTER,
  });
  const session = await reference.prepare(program, training.weights);
  for (const { name, role } of program.tensors) {
    if (role === "state") session.write(name, factors.get(name)!);
    if (role === "input" && name !== "tokens") session.write(name, past!.get(name)!);
  }
  session.write("tokens", tokenBytes(ids));
  const cacheNames = Array.from({ length: layers }, (_, layer) =>
    ["k", "v"].flatMap((part) => {
      const base = `layers.${layer}.attention.${part}`;
      const fresh = part === "k" ? ["8.z8", "8.e"] : [".z", ".e"];
      return (position === 0 ? fresh : [".all", ".all.e"]).map((end) => base + end);
    }),
  ).flat();
  const captured = await capture(session, ["score", ...cacheNames]);
  const cache = new Map(
    cacheNames.map((name) => {
      const isExponent = name.endsWith(".e");
      const base = name.replace(/(8\.z8|8\.e|\.z|\.all\.e|\.all|\.e)$/, "");
      return [`${base}.past${isExponent ? ".e" : ""}`, captured.get(name)!] as const;
    }),
  );
  return { rows: rowsOf(program, "score", captured.get("score")!), cache };
}

beforeAll(async () => {
  const session = await reference.prepare(training.program, training.weights);
  training.begin(session);
  for (const t of [1, 2]) {
    training.prepareStep(session, t);
    await session.run();
  }
  const found = new Map<string, Uint8Array>();
  for (const { name, role } of training.program.tensors) {
    if (role === "state") found.set(name, await session.read(name));
  }
  factors = found;
  copies = await copiesOf(factors);
  training.prepareStep(session, 3);
  session.write("tokens", tokenBytes(tokens));
  const captured = await capture(session, ["score"]);
  trained = rowsOf(training.program, "score", captured.get("score")!);
});

describe("the forward pass is causal to the bit", () => {
  test("the forward program gives the scores of the training step", async () => {
    const { rows } = await scores(tokens.slice(0, LENGTH));
    expect(rows).toEqual(trained);
  });

  test.each([1, 7, 8, 16, 23])(
    "a changed suffix from position %d changes no earlier score",
    async (position) => {
      const changed = tokens
        .slice(0, LENGTH)
        .map((id, i) => (i < position ? id : (id + 17) % vocabulary));
      const { rows } = await scores(changed);
      expect(rows.slice(0, position)).toEqual(trained.slice(0, position));
      expect(rows[position]).not.toEqual(trained[position]);
    },
  );

  test.each([1, 5, 17])("a prefix of %d tokens alone has the same scores", async (length) => {
    const { rows } = await scores(tokens.slice(0, length));
    expect(rows).toEqual(trained.slice(0, length));
  });

  test("decoding token by token with a cache of keys and values gives the same scores", async () => {
    let { rows, cache } = await scores(tokens.slice(0, 1));
    expect(rows).toEqual(trained.slice(0, 1));
    for (let position = 1; position < LENGTH; position++) {
      ({ rows, cache } = await scores([tokens[position]!], cache, position));
      expect(rows[0]).toEqual(trained[position]);
    }
  });

  test("the decoder's one program, its cache filled as it goes, gives the same scores", async () => {
    const program = buildDecodeProgram(TINY_SHAPE, { length: 1, adapter: TINY_ADAPTER });
    const session = await reference.prepare(program, training.weights);
    for (const { name, role, rows, columns, dtype } of program.tensors) {
      // What stands in a cache behind its fill is never read: noise must not matter.
      if (role === "state")
        session.write(name, copies.get(name) ?? packBlock(dtype, rows, columns, () => 77));
    }
    for (let position = 0; position < LENGTH; position++) {
      session.write(
        "position",
        packBlock("i32", 1, 1, () => position),
      );
      session.write("tokens", tokenBytes([tokens[position]!]));
      await session.run();
      const [row] = rowsOf(program, "score", await session.read("score"));
      expect(row).toEqual(trained[position]);
    }
  });

  test("the decoder takes a prompt at once and a rewound cache, and refuses to pass its context", async () => {
    const program = buildDecodeProgram(TINY_SHAPE, { length: 6, adapter: TINY_ADAPTER });
    const session = await reference.prepare(program, training.weights);
    for (const { name, role, rows, columns, dtype } of program.tensors) {
      if (role === "state")
        session.write(name, copies.get(name) ?? packBlock(dtype, rows, columns, () => -5));
    }
    for (const position of [0, 6, 12, 3, 9]) {
      session.write(
        "position",
        packBlock("i32", 1, 1, () => position),
      );
      session.write("tokens", tokenBytes(tokens.slice(position, position + 6)));
      await session.run();
      const found = rowsOf(program, "score", await session.read("score"));
      expect(found).toEqual(trained.slice(position, position + 6));
    }
    const beyond = packBlock("i32", 1, 1, () => TINY_SHAPE.context - 5);
    expect(() => session.write("position", beyond)).toThrow(
      expect.objectContaining({ code: "CONTEXT_EXCEEDED" }),
    );
  });

  test("decoding in pieces of unequal length gives the same scores", async () => {
    let position = 0;
    let cache: ReadonlyMap<string, Uint8Array> | undefined;
    for (const length of [9, 1, 6, 8]) {
      const ids = tokens.slice(position, position + length);
      const step = await scores(ids, cache, position);
      expect(step.rows).toEqual(trained.slice(position, position + length));
      cache = step.cache;
      position += length;
    }
  });
});
