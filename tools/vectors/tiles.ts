/**
 * Vectors of single tiles, one of each output of each kind of record (spec/referee.md). What a written case asks stays; its answer
 * is computed again by the definition, from the record and the leaves that stand in it alone. A kind that has no case yet gets one
 * out of the suite of operations: the last tile of its first record there, with the leaves that the referee names.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import {
  blockBytes,
  type Dtype,
  decodeRecord,
  encodeRecord,
  executeByReferee,
  executeTile,
  type InputTiles,
  type LeafRange,
  type Operation,
  type Program,
  type ProgramRecord,
  recordStep,
  recordsOf,
  reference,
  type Tensor,
  tileBytes,
  tileIndices,
} from "@r3mes/engine";
import {
  KINDS,
  type OperationCase,
  operationCases,
  type TileVector,
} from "@r3mes/engine/conformance";
import { createReferee } from "@r3mes/engine/node";
import { createReader, fromHex, type TensorLayout, toHex } from "@r3mes/protocol";
import type { VectorFile } from "./vectorFile.ts";

const path = "arithmetic/tiles.json";

/** @param folder where the written vectors are */
export async function tileVectors(folder: string): Promise<VectorFile> {
  const cases = writtenCases(folder).map((written) => ({ ...written, bytes: answerOf(written) }));
  const names = new Set(cases.map(({ name }) => name));
  for (const operationCase of operationCases) {
    const isNew = (record: ProgramRecord) => !names.has(nameOf(record));
    if (!recordsOf(operationCase.program).some(isNew)) continue;
    const asked = await openCase(operationCase);
    for (const record of recordsOf(operationCase.program).filter(isNew)) {
      if (names.has(nameOf(record))) continue;
      names.add(nameOf(record));
      const made = asked(record);
      cases.push({ ...made, bytes: answerOf(made) });
    }
  }
  const about =
    "One tile of each kind of record, with the ranges of leaves that the referee names and the tile that it computes.";
  return { path, about, cases };
}

const nameOf = ({ operation, output }: ProgramRecord) => `${operation.kind}, output ${output}`;

function writtenCases(folder: string): readonly TileVector[] {
  const file = join(folder, path);
  if (!existsSync(file)) return [];
  return (JSON.parse(readFileSync(file, "utf8")) as { cases: readonly TileVector[] }).cases;
}

/** Runs a program of the suite and returns what makes the case of one of its records. */
async function openCase({
  program,
  inputs,
}: OperationCase): Promise<(record: ProgramRecord) => TileVector> {
  const session = await reference.prepare(program, (name) => inputs.get(name)!);
  for (const { name, role } of program.tensors) {
    if (role !== "weight" && inputs.has(name)) session.write(name, inputs.get(name)!);
  }
  const { before, after } = await recordStep(session);
  await session.close();
  const bytesOf = (id: number): Uint8Array =>
    before.get(id) ?? inputs.get(program.tensors[id]!.name) ?? after.get(id)!;
  const call = createReferee();
  return (record) => {
    const tile = tileIndices(program.tensors[record.tensor]!).at(-1)!;
    const { bytes, ranges } = executeByReferee(call, { program, record, tile }, bytesOf);
    const leavesOf = (range: LeafRange): Uint8Array => {
      const id = record.operation.inputs[range.slot]!;
      return Buffer.concat(
        indicesOf(range).map((index) => tileBytes(program.tensors[id]!, bytesOf(id), index)),
      );
    };
    const constant = record.operation.inputs.find((id) => program.tensors[id]?.role === "constant");
    return {
      name: nameOf(record),
      record: toHex(encodeRecord(program, record)),
      tile,
      constants: constant === undefined ? "" : toHex(bytesOf(constant)),
      inputs: ranges.map((range) => ({ ...range, bytes: toHex(leavesOf(range)) })),
      bytes: toHex(bytes),
    };
  };
}

const indicesOf = ({ first, count, stride }: LeafRange): readonly number[] =>
  Array.from({ length: count }, (_, i) => first + i * stride);

/** The tile by the definition, which is given nothing that does not stand in the case. */
function answerOf({ record, tile, constants, inputs }: TileVector): string {
  const { program, asked } = programOf(fromHex(record));
  const { operation } = asked;
  const tilesOf = (slot: number, bytes: Uint8Array): readonly Uint8Array[] => {
    const { dtype, tile: shape } = program.tensors[operation.inputs[slot]!]!;
    const size = blockBytes(dtype, shape.rows, shape.columns);
    return Array.from({ length: bytes.length / size }, (_, i) =>
      bytes.subarray(i * size, (i + 1) * size),
    );
  };
  const bySlot = new Map<number, Map<number, Uint8Array>>();
  const give = (slot: number, indices: readonly number[], bytes: Uint8Array): void => {
    const given = bySlot.get(slot) ?? new Map<number, Uint8Array>();
    bySlot.set(slot, given);
    const tiles = tilesOf(slot, bytes);
    indices.forEach((index, i) => {
      given.set(index, tiles[i]!);
    });
  };
  for (const input of inputs) give(input.slot, indicesOf(input), fromHex(input.bytes));
  if (constants !== "") give(slotOf(operation.kind, "step"), [0], fromHex(constants));
  const tiles = [...bySlot].map(([slot, given]): InputTiles => {
    const sorted = [...given].sort(([a], [b]) => a - b);
    return {
      slot,
      indices: sorted.map(([index]) => index),
      tiles: sorted.map(([, bytes]) => bytes),
    };
  });
  return toHex(executeTile(program, asked, tile, tiles));
}

function slotOf(kind: string, input: string): number {
  return KINDS.get(kind)!.inputs.indexOf(input);
}

/** A program of the one operation that a record describes; other tensors are missing from its list. */
function programOf(bytes: Uint8Array): {
  readonly program: Program;
  readonly asked: ProgramRecord;
} {
  const layouts = decodeRecord(bytes);
  const head = createReader(bytes);
  const [kind, definition] = [...KINDS][head.u16() - 1]!;
  const output = head.u8();
  const tensors: Tensor[] = [];
  for (const layout of [layouts.tensor, ...layouts.inputs]) {
    if (layout !== null) tensors[layout.tensor] = tensorOf(layout);
  }
  // Parameters end a record.
  const tail = createReader(bytes.subarray(bytes.length - 4 * definition.params.length));
  const params = Object.fromEntries(definition.params.map((name) => [name, tail.u32() | 0]));
  const { tensor } = layouts.tensor;
  const inputs = layouts.inputs.map((layout) => layout?.tensor ?? -1);
  const outputs = Array.from({ length: output + 1 }, () => tensor);
  const operation: Operation = { kind, name: kind, inputs, outputs, params };
  const program: Program = { name: kind, tensors, operations: [operation] };
  return { program, asked: { operation, output, tensor } };
}

function tensorOf({ tensor, type, shape, tile }: TensorLayout): Tensor {
  return {
    name: `tensor ${tensor}`,
    dtype: type === "ternary" ? "t2" : (type as Dtype),
    ...{ rows: shape[0]!, columns: shape[1]! },
    tile: { rows: tile[0]!, columns: tile[1]! },
    role: "intermediate",
  };
}
