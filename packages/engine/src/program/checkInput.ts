/** Decides whether bytes may become an input of a program, beyond having the right size. */
import { R3mesError } from "@r3mes/protocol";
import type { Operation, Program } from "./program.ts";

/**
 * Throws TOKEN_OUT_OF_VOCABULARY if a tensor that selects rows of an embedding names one that is not there, and
 * CONTEXT_EXCEEDED if a cache would be filled beyond its end.
 */
export function checkInput(program: Program, name: string, bytes: Uint8Array): void {
  const id = program.tensors.findIndex((tensor) => tensor.name === name);
  for (const operation of program.operations) {
    if (operation.kind === "embed" && operation.inputs[0] === id)
      checkTokens(program, operation, bytes);
    if (operation.kind === "decode.attention" && operation.inputs[10] === id)
      checkPosition(operation, bytes);
  }
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
