import { describe, expect, test } from "vitest";
import { reference } from "../backends/reference.ts";
import { decodeOperationCases, operationCases } from "../ops/operation.case.ts";
import { packBlock, unpackBlock } from "../tensor/storage.ts";
import { checkProgram } from "./checkProgram.ts";
import { createProgramBuilder } from "./createProgramBuilder.ts";
import type { Operation, Program, Tensor } from "./program.ts";

/** A program of two operations that is well formed. */
function sound(): Program {
  const builder = createProgramBuilder();
  const x = builder.declare({
    name: "x",
    dtype: "i32",
    rows: 8,
    columns: 32,
    tile: { rows: 8, columns: 32 },
    role: "input",
  });
  const params = { chunkRows: 1, chunkColumns: 32, exponent: 0, relu: 0 };
  const [m] = builder.add("magnitude", "m", { x }, params);
  builder.add("quantise", "q", { x, m }, { bits: 8, exponent: 0 });
  return builder.build("sound");
}

const withOperation = (change: Partial<Operation>, position = 1): Program => {
  const program = sound();
  const operation = { ...program.operations[position]!, ...change };
  return { ...program, operations: program.operations.with(position, operation) };
};

const withTensor = (position: number, change: Partial<Tensor>): Program => {
  const program = sound();
  return {
    ...program,
    tensors: program.tensors.with(position, { ...program.tensors[position]!, ...change }),
  };
};

const invalidShape = expect.objectContaining({ code: "PROGRAM_SHAPE_INVALID" });

describe("a program is refused", () => {
  const reversed = () => ({ ...sound(), operations: sound().operations.toReversed() });
  test.each([
    ["when it reads a tensor before it is written", reversed(), "PROGRAM_INVALID"],
    [
      "when it names an unknown kind",
      withOperation({ kind: "convolution" }),
      "PROGRAM_OPERATION_UNKNOWN",
    ],
    ["when an input slot is missing", withOperation({ inputs: [0] }), "PROGRAM_INVALID"],
    ["when a required input is absent", withOperation({ inputs: [0, -1, -1] }), "PROGRAM_INVALID"],
    ["when an input names no tensor", withOperation({ inputs: [0, 99, -1] }), "PROGRAM_INVALID"],
    ["when it writes what another wrote", withOperation({ outputs: [1] }), "PROGRAM_SHAPE_INVALID"],
    ["when it writes an input", withOperation({ outputs: [0] }), "PROGRAM_SHAPE_INVALID"],
    ["when a parameter is missing", withOperation({ params: {} }), "PROGRAM_INVALID"],
    [
      "when a parameter is no integer",
      withOperation({ params: { bits: 7.5, exponent: 0 } }),
      "PROGRAM_INVALID",
    ],
    ["when a shape breaks the kind's rule", withTensor(1, { rows: 4 }), "PROGRAM_SHAPE_INVALID"],
    ["when an output has another type", withTensor(2, { dtype: "i16" }), "PROGRAM_SHAPE_INVALID"],
    ["when a size is not positive", withTensor(0, { rows: 0 }), "PROGRAM_INVALID"],
    [
      "when a tile is too large",
      withTensor(0, { tile: { rows: 70000, columns: 1 } }),
      "PROGRAM_INVALID",
    ],
    [
      "when nothing writes an intermediate",
      { ...sound(), operations: sound().operations.slice(0, 1) },
      "PROGRAM_INVALID",
    ],
  ] as const)("%s", (_, program, code) => {
    expect(() => checkProgram(program)).toThrow(expect.objectContaining({ code }));
  });

  test("when factors are those of no whole sequences, or a product of sequences has none", () => {
    const suite = decodeOperationCases.find(({ name }) => name.startsWith("factors of a sequence"));
    const { program } = suite!;
    const withRows = (name: string, rows: (whole: number) => number): Program => ({
      ...program,
      tensors: program.tensors.map((tensor) =>
        tensor.name === name ? { ...tensor, rows: rows(tensor.rows) } : tensor,
      ),
    });
    for (const name of ["a", "b"]) {
      expect(() => checkProgram(withRows(name, (whole) => whole))).not.toThrow();
      expect(() => checkProgram(withRows(name, (whole) => whole / 2))).toThrow(invalidShape);
      expect(() => checkProgram(withRows(name, (whole) => 2 * whole))).toThrow(invalidShape);
    }
    const position = program.operations.findIndex(({ kind }) => kind === "decode.linear");
    const bare = program.operations[position]!;
    const inputs = bare.inputs.map((id, slot) => (slot < 4 ? id : -1));
    const operations = program.operations.with(position, { ...bare, inputs });
    expect(() => checkProgram({ ...program, operations })).toThrow(
      expect.objectContaining({ code: "PROGRAM_INVALID" }),
    );
  });

  test("when heads are wider than the values of a context may be", () => {
    const split = (bits: number) => {
      const builder = createProgramBuilder();
      const tile = { rows: 8, columns: 16 };
      const spec = { name: "x", dtype: "i32", rows: 8, columns: 16, tile, role: "input" } as const;
      const x = builder.declare(spec);
      builder.add("heads.split", "v", { x }, { heads: 1, length: 8, exponent: 16, bits });
      return builder.build("split");
    };
    expect(() => split(12)).not.toThrow();
    for (const bits of [1, 13]) expect(() => split(bits)).toThrow(invalidShape);
  });

  test("when a sum could leave i32, with the operation, the bound and the limit", () => {
    const builder = createProgramBuilder();
    const declare = (name: string, dtype: "i8" | "i16", rows: number) =>
      builder.declare({
        name,
        dtype,
        rows,
        columns: 16384,
        tile: { rows: 8, columns: 32 },
        role: "input",
      });
    const inputs = { a: declare("a", "i8", 8), b: declare("b", "i16", 4) };
    builder.add("gemm", "acc", inputs, { chunk: 16384, bits: 12 });
    expect(() => builder.build("wide")).toThrow(
      expect.objectContaining({
        code: "PROGRAM_BOUND_EXCEEDED",
        facts: expect.objectContaining({
          operation: "acc",
          bound: 127 * 2047 * 16384,
          limit: 2 ** 31 - 1,
        }),
      }),
    );
  });
});

test("a sound program passes, and its bounds are listed", () => {
  expect(checkProgram(sound())).toEqual([]);
  const linear = operationCases.find(({ name }) => name.startsWith("linear, rank 4"))!;
  const names = checkProgram(linear.program).map(({ what }) => what);
  expect(names).toContain("int8 x ternary sum");
});

describe("bytes are refused", () => {
  const linear = operationCases.find(({ name }) => name === "linear, rank 4, adam: random")!;
  const head = operationCases.find(({ name }) => name === "head: random")!;

  test("when their number is not the tensor's", async () => {
    const session = await reference.prepare(linear.program, (name) => linear.inputs.get(name)!);
    expect(() => session.write("x8", new Uint8Array(3))).toThrow(
      expect.objectContaining({ code: "TENSOR_BYTES_INVALID" }),
    );
  });

  test("when a ternary weight holds the reserved code", async () => {
    const forged = linear.inputs.get("w")!.slice();
    forged[5] = 0xff;
    const weights = (name: string) => (name === "w" ? forged : linear.inputs.get(name)!);
    await expect(reference.prepare(linear.program, weights)).rejects.toMatchObject({
      code: "TENSOR_BYTES_INVALID",
    });
  });

  test("when a token is not in the vocabulary, with its place", async () => {
    const session = await reference.prepare(head.program, (name) => head.inputs.get(name)!);
    const tokens = packBlock("i32", 2, 9, (row, column) => (row === 1 && column === 2 ? 96 : 5));
    expect(() => session.write("tokens", tokens)).toThrow(
      expect.objectContaining({
        code: "TOKEN_OUT_OF_VOCABULARY",
        facts: expect.objectContaining({ position: 11, token: 96, vocabulary: 96 }),
      }),
    );
  });

  test("when a weight is written as if it were an input", async () => {
    const session = await reference.prepare(linear.program, (name) => linear.inputs.get(name)!);
    expect(() => session.write("w", linear.inputs.get("w")!)).toThrow(
      expect.objectContaining({ code: "TENSOR_NOT_FOUND" }),
    );
  });
});

test("storage form and values are each other's inverse, ternary blocks included", () => {
  for (const [dtype, values] of [
    ["t2", [-1, 0, 1]],
    ["i8", [-128, -1, 0, 127]],
    ["i16", [-32768, -1, 0, 32767]],
    ["i32", [-2147483648, -1, 0, 2147483647]],
  ] as const) {
    const value = (row: number, column: number) => values[(row * 5 + column * 3) % values.length]!;
    const bytes = packBlock(dtype, 32, 48, value);
    const read = unpackBlock(dtype, 32, 48, bytes);
    expect([...read]).toEqual(
      Array.from({ length: 32 * 48 }, (_, i) => value(Math.floor(i / 48), i % 48)),
    );
  }
});
