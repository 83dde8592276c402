/**
 * One tile computed by a referee module, the way a validator does it: ask for the closure, stage by stage, fetch the named
 * leaves, execute. The module is a parameter, since only the host knows how to run WebAssembly.
 */
import { R3mesError } from "@r3mes/protocol";
import type { Program } from "../program/program.ts";
import { encodeRecord, type ProgramRecord } from "../program/records.ts";
import { tileBytes } from "../tensor/tiles.ts";
import type { TensorBytes } from "../trace/openTile.ts";
import {
  decodeClosure,
  encodeRefereeRequest,
  type LeafRange,
  type RangeBytes,
  type RefereeRequest,
} from "./refereeRequest.ts";

/** A fresh instance for each call: the bytes of the response, or the negative number of a refusal. */
export type CallReferee = (name: "closure" | "execute", request: Uint8Array) => Uint8Array | number;

/** Stages in which a closure may be named. */
const STAGES_MAX = 4;

export interface RefereeExecution {
  readonly bytes: Uint8Array;
  readonly ranges: readonly LeafRange[];
  /** What the module was given in the end, with the bytes of every range. */
  readonly request: RefereeRequest;
}

export function executeByReferee(
  call: CallReferee,
  task: { readonly program: Program; readonly record: ProgramRecord; readonly tile: number },
  bytesOf: TensorBytes,
): RefereeExecution {
  const { program, record, tile } = task;
  const asked = {
    record: encodeRecord(program, record),
    tile,
    constants: constantsOf(program, record, bytesOf),
  };
  const named: LeafRange[] = [];
  const inputs: RangeBytes[] = [];
  for (let stage = 0; stage < STAGES_MAX; stage++) {
    const { ranges, more } = decodeClosure(
      answered(record, call("closure", encodeRefereeRequest({ ...asked, inputs }))),
    );
    named.push(...ranges);
    inputs.push(...ranges.map((range) => bytesOfRange(program, record, range, bytesOf)));
    if (!more) break;
  }
  const request = { ...asked, inputs };
  const bytes = answered(record, call("execute", encodeRefereeRequest(request)));
  return { bytes, ranges: named, request };
}

/** Step constants: the storage bytes of the input that the chain gives, if the record has one. */
function constantsOf(program: Program, record: ProgramRecord, bytesOf: TensorBytes): Uint8Array {
  const id = record.operation.inputs.find((input) => program.tensors[input]?.role === "constant");
  return id === undefined ? new Uint8Array(0) : bytesOf(id);
}

function answered(record: ProgramRecord, response: Uint8Array | number): Uint8Array {
  if (typeof response !== "number") return response;
  throw new R3mesError({
    code: "REFEREE_REFUSED",
    operation: record.operation.name,
    number: response,
  });
}

function bytesOfRange(
  program: Program,
  record: ProgramRecord,
  range: LeafRange,
  bytesOf: TensorBytes,
): RangeBytes {
  const { slot, first, count, stride } = range;
  const id = record.operation.inputs[slot]!;
  const tensor = program.tensors[id]!;
  const source = bytesOf(id);
  const leaves = Array.from({ length: count }, (_, i) =>
    tileBytes(tensor, source, first + i * stride),
  );
  const bytes = new Uint8Array(leaves.reduce((sum, leaf) => sum + leaf.length, 0));
  let place = 0;
  for (const leaf of leaves) {
    bytes.set(leaf, place);
    place += leaf.length;
  }
  return { slot, first, bytes };
}
