/** Decides whether bytes may become an input of a program, beyond having the right size. */
import { R3mesError } from "@r3mes/protocol";
import type { Program } from "./program.ts";

/** Throws TOKEN_OUT_OF_VOCABULARY if a tensor that selects rows of an embedding names one that is not there. */
export function checkInput(program: Program, name: string, bytes: Uint8Array): void {
  const id = program.tensors.findIndex((tensor) => tensor.name === name);
  const embedding = program.operations.find(
    ({ kind, inputs }) => kind === "embed" && inputs[0] === id,
  );
  if (embedding === undefined) return;
  const vocabulary = program.tensors[embedding.inputs[1]!]!.rows;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let place = 0; place + 4 <= bytes.length; place += 4) {
    const token = view.getInt32(place, true);
    if (token < 0 || token >= vocabulary) {
      throw new R3mesError({
        code: "TOKEN_OUT_OF_VOCABULARY",
        tensor: name,
        position: place >> 2,
        token,
        vocabulary,
      });
    }
  }
}
