/**
 * Whether kernels compute products of extremes as they are defined, found out before anything is
 * trusted to them: a ternary product, its transpose, one row of it and an int8 product.
 */
import { createProgramBuilder } from "../../program/createProgramBuilder.ts";
import type { Dtype, Program, Role } from "../../program/program.ts";
import { packBlock } from "../../tensor/storage.ts";
import type { Backend } from "../backend.ts";
import { reference } from "../reference.ts";

/** Cut last tiles of any set of instructions, and more rows than one tile of any has. */
const ROWS = 29;
const OUTPUTS = 48;
/** A whole panel of the int8 product, and a cut one. */
const COLUMNS = 23;
/** A whole panel of codes of the smallest kind, and a short one behind it. */
const INPUTS = 272;

/** All minimum, all maximum, zero, then a sequence that visits every byte. */
function byteAt(row: number, column: number): number {
  const rows = [-127, 127, 0];
  return rows[row] ?? Math.max(-127, Math.imul(row * INPUTS + column + 1, 0x9e3779b1) >> 24);
}

/** One row of all -1, one of all +1, then a sequence of all three. */
function weightOf(row: number, column: number): number {
  const rows = [-1, 1];
  return rows[row] ?? ((Math.imul(row * INPUTS + column, 0x85ebca6b) >>> 20) % 3) - 1;
}

function productsProgram(): Program {
  const { declare, add, build } = createProgramBuilder();
  const tensor = (name: string, dtype: Dtype, size: readonly [number, number], role: Role) =>
    declare({
      name,
      dtype,
      rows: size[0],
      columns: size[1],
      tile: { rows: 1, columns: 16 },
      role,
    });
  const w = declare({
    name: "w",
    dtype: "t2",
    rows: OUTPUTS,
    columns: INPUTS,
    tile: { rows: 16, columns: 16 },
    role: "weight",
  });
  const scale = tensor("scale", "i32", [1, 2], "weight");
  const b = tensor("b", "i8", [COLUMNS, INPUTS], "weight");
  const x8 = tensor("x8", "i8", [ROWS, INPUTS], "input");
  const one = tensor("one", "i8", [1, INPUTS], "input");
  add("linear", "rows", { x8, w, scale, m: tensor("m", "i32", [ROWS, 1], "input") });
  add("linear", "row", { x8: one, w, scale, m: tensor("m1", "i32", [1, 1], "input") });
  add("gemm", "product", { a: x8, b }, { chunk: INPUTS, bits: 8 });
  const dy8 = tensor("dy8", "i8", [ROWS, OUTPUTS], "input");
  const turned = declare({
    name: "turned",
    dtype: "t2",
    rows: INPUTS,
    columns: OUTPUTS,
    tile: { rows: 16, columns: 16 },
    role: "weight",
    transposeOf: w,
  });
  add("linear.backward", "back", {
    dy8,
    dm: tensor("dm", "i16", [ROWS, 1], "input"),
    w: turned,
    scale,
  });
  return build("self-test");
}

const RESULTS = ["rows", "row", "product", "back.dx", "back.e"];

/** True if every byte is the reference's. */
export async function passesSelfTest(backend: Backend): Promise<boolean> {
  const program = productsProgram();
  const weights = (name: string) => {
    if (name === "scale") return packBlock("i32", 1, 2, (_, column) => [29_000, 14][column]!);
    if (name === "b") return packBlock("i8", COLUMNS, INPUTS, byteAt);
    return packBlock("t2", OUTPUTS, INPUTS, weightOf);
  };
  const results = async (device: Backend) => {
    const session = await device.prepare(program, weights);
    for (const { name, dtype, rows, columns, role } of program.tensors) {
      if (role !== "input") continue;
      const value = dtype === "i8" ? byteAt : dtype === "i32" ? () => 9_000 : () => 3;
      session.write(name, packBlock(dtype, rows, columns, value));
    }
    await session.run();
    const bytes = await Promise.all(RESULTS.map((name) => session.read(name)));
    await session.close();
    return bytes;
  };
  const expected = await results(reference);
  const actual = await results(backend);
  return expected.every((bytes, at) => bytes.every((byte, i) => byte === actual[at]![i]));
}
