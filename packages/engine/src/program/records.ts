/**
 * Records: the program as a dispute sees it (spec/step-program.md section 3). A record computes exactly one tensor, so an
 * operation with two outputs is two records that share their inputs. A trace lists the tensors of the records in order.
 */
import {
  createWriter,
  ELEMENT_TYPES,
  type Hash,
  programRoot as rootOfRecords,
  type Sha256,
} from "@r3mes/protocol";
import { KINDS } from "../ops/kinds.ts";
import type { Dtype, Operation, Program, Tensor } from "./program.ts";

export interface ProgramRecord {
  readonly operation: Operation;
  /** Which of the operation's outputs. */
  readonly output: number;
  /** The tensor that it computes. */
  readonly tensor: number;
}

export function recordsOf(program: Program): readonly ProgramRecord[] {
  return program.operations.flatMap((operation) =>
    operation.outputs.map((tensor, output) => ({ operation, output, tensor })),
  );
}

export const TYPE_CODES: Readonly<Record<Dtype, number>> = {
  t2: ELEMENT_TYPES.ternary,
  i8: ELEMENT_TYPES.i8,
  i16: ELEMENT_TYPES.i16,
  i32: ELEMENT_TYPES.i32,
  i64: ELEMENT_TYPES.i64,
};

const ABSENT = 0xffffffff;

function writeTensor(writer: ReturnType<typeof createWriter>, id: number, tensor: Tensor): void {
  writer.u32(id).u8(TYPE_CODES[tensor.dtype]).u32(tensor.rows).u32(tensor.columns);
  writer.u16(tensor.tile.rows).u16(tensor.tile.columns);
}

/**
 * Bytes of a record. It carries the shapes of everything it touches, so that it can be executed without the program:
 * u16 kind, u8 output, u8 inputs, u8 parameters, then the output tensor, the inputs in slot order, the parameters as i32.
 */
export function encodeRecord(program: Program, record: ProgramRecord): Uint8Array {
  const { operation, output } = record;
  const kind = KINDS.get(operation.kind)!;
  const writer = createWriter();
  writer
    .u16(kindCode(operation.kind))
    .u8(output)
    .u8(operation.inputs.length)
    .u8(kind.params.length);
  writeTensor(writer, record.tensor, program.tensors[record.tensor]!);
  for (const id of operation.inputs) {
    if (id < 0) writer.u32(ABSENT);
    else writeTensor(writer, id, program.tensors[id]!);
  }
  for (const name of kind.params) writer.u32(operation.params[name]! >>> 0);
  return writer.finish();
}

/** Number of a kind in records: its position in the list of kinds, from 1. The list only ever grows at its end. */
function kindCode(name: string): number {
  return [...KINDS.keys()].indexOf(name) + 1;
}

/** The root under which a program is registered. */
export function programRoot(program: Program, hash?: Sha256): Hash {
  const records = recordsOf(program).map((record) => encodeRecord(program, record));
  return rootOfRecords(records, hash);
}
