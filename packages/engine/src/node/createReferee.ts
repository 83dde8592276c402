/** A referee module in Node. Every call has an instance of its own and leaves nothing behind. */
import { readFileSync } from "node:fs";
import type { CallReferee } from "../referee/executeByReferee.ts";

/** Bytes of the module that models register. */
export function readRefereeModule(): Uint8Array {
  return readFileSync(new URL("../kernels/referee/referee.wasm", import.meta.url));
}

export function createReferee(wasm: Uint8Array = readRefereeModule()): CallReferee {
  const module = new WebAssembly.Module(wasm);
  return (name, request) => {
    const { exports } = new WebAssembly.Instance(module, {});
    const memory = new Uint8Array((exports.memory as WebAssembly.Memory).buffer);
    memory.set(request, (exports.request as { readonly value: number }).value);
    const length = (exports[name] as (length: number) => number)(request.length);
    const response = (exports.response as { readonly value: number }).value;
    return length < 0 ? length : memory.slice(response, response + length);
  };
}
