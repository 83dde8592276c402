import { packBlock, stateTensors, tensorBytes } from "@r3mes/engine";
import { buildForwardProgram } from "@r3mes/models";
import { TINY_ADAPTER, TINY_SHAPE } from "@r3mes/models/testing";
import { expect, test } from "vitest";
import { adapterTensors } from "./adapterTensors.ts";

const program = buildForwardProgram(TINY_SHAPE, {
  sequences: 1,
  length: 1,
  adapter: TINY_ADAPTER,
});
const factors = stateTensors(program).map((id) => program.tensors[id]!);

test("the factors are read in the order of the file, the momenta are left alone", () => {
  const values = factors.map(({ rows, columns }, i) => packBlock("i32", rows, columns, () => i));
  const momenta = factors.map((factor) => new Uint8Array(tensorBytes(factor)).fill(1));
  const file = Uint8Array.from([...values, ...momenta].flatMap((bytes) => [...bytes]));
  const tensors = adapterTensors(program, file);
  expect([...tensors.keys()]).toEqual(factors.map(({ name }) => name));
  expect([...tensors.values()]).toEqual(values);
});

test("a file of another length is refused", () => {
  expect(() => adapterTensors(program, new Uint8Array(8))).toThrow(
    expect.objectContaining({ code: "ADAPTER_FILE_INVALID" }),
  );
});
