/**
 * Whether a device multiplies int8 vectors as they are defined, found out on one product of extremes before
 * anything is trusted to it.
 */
import { createProgramBuilder } from "../../program/createProgramBuilder.ts";
import type { Program } from "../../program/program.ts";
import { packBlock } from "../../tensor/storage.ts";
import type { Backend } from "../backend.ts";
import { reference } from "../reference.ts";

const ROWS = 5;
const OUTPUTS = 32;
/** Neither a multiple of a stage nor of four, so that every edge is passed. */
const DEPTH = 271;

/** All minimum, all maximum, zero, then a sequence that visits every byte. */
function value(row: number, column: number): number {
  const rows = [-127, 127, 0];
  return rows[row] ?? Math.max(-127, Math.imul(row * DEPTH + column, 0x9e3779b1) >> 24);
}

function productProgram(): Program {
  const builder = createProgramBuilder();
  const declare = (name: string, rows: number) =>
    builder.declare({
      name,
      dtype: "i8",
      rows,
      columns: DEPTH,
      tile: { rows: 8, columns: 32 },
      role: "input",
    });
  const inputs = { a: declare("a", ROWS), b: declare("b", OUTPUTS) };
  builder.add("gemm", "product", inputs, { chunk: 256, bits: 8 });
  return builder.build("self-test");
}

/** True if every sum is that of the reference. */
export async function passesSelfTest(backend: Backend): Promise<boolean> {
  const program = productProgram();
  const sumsOf = async ({ prepare }: Backend) => {
    const session = await prepare(program, () => new Uint8Array());
    session.write("a", packBlock("i8", ROWS, DEPTH, value));
    session.write("b", packBlock("i8", OUTPUTS, DEPTH, value));
    await session.run();
    const bytes = await session.read("product");
    await session.close();
    return bytes;
  };
  const expected = await sumsOf(reference);
  const actual = await sumsOf(backend);
  return expected.every((byte, i) => byte === actual[i]);
}
