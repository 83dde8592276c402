/** Decides whether bytes may become an input of a program, beyond having the right size. */
import { R3mesError } from "@r3mes/protocol";
import type { Operation, Program } from "./program.ts";

type Check = (bytes: Uint8Array) => void;

const found = new WeakMap<Program, ReadonlyMap<string, readonly Check[]>>();

/**
 * Throws TOKEN_OUT_OF_VOCABULARY if a tensor that selects rows of an embedding names one that is not there, and
 * CONTEXT_EXCEEDED if a cache would be filled beyond its end.
 */
export function checkInput(program: Program, name: string, bytes: Uint8Array): void {
  for (const check of checksOf(program).get(name) ?? []) check(bytes);
}

/** By the names of tensors. A program is walked once for them: a state is written in hundreds of tensors that need none. */
function checksOf(program: Program): ReadonlyMap<string, readonly Check[]> {
  const known = found.get(program);
  if (known !== undefined) return known;
  const checks = new Map<string, Check[]>();
  const add = (id: number, check: Check) => {
    const { name } = program.tensors[id]!;
    checks.set(name, [...(checks.get(name) ?? []), check]);
  };
  for (const operation of program.operations) {
    const { kind, inputs } = operation;
    if (kind === "embed") add(inputs[0]!, (bytes) => checkTokens(program, operation, bytes));
    if (kind === "decode.attention") add(inputs[10]!, (bytes) => checkPosition(operation, bytes));
  }
  found.set(program, checks);
  return checks;
}

function checkPosition({ params }: Operation, bytes: Uint8Array): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const { length, capacity } = params;
  for (let place = 0; place + 4 <= bytes.length; place += 4) {
    const position = view.getInt32(place, true);
    if (position >= 0 && position + length! <= capacity!) continue;
    throw new R3mesError({
      code: "CONTEXT_EXCEEDED",
      position,
      length: length!,
      context: capacity!,
    });
  }
}

function checkTokens(program: Program, { name, inputs }: Operation, bytes: Uint8Array): void {
  const vocabulary = program.tensors[inputs[1]!]!.rows;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let place = 0; place + 4 <= bytes.length; place += 4) {
    const token = view.getInt32(place, true);
    if (token < 0 || token >= vocabulary) {
      throw new R3mesError({
        code: "TOKEN_OUT_OF_VOCABULARY",
        operation: name,
        position: place >> 2,
        token,
        vocabulary,
      });
    }
  }
}
