/** Several tensors into a session from one piece, in which they lie one behind the other. */
import { assert } from "@r3mes/protocol";
import { tensorBytes } from "../tensor/storage.ts";
import type { Session } from "./backend.ts";

export function writeTensors(
  session: Pick<Session, "program" | "write" | "writeAll">,
  names: readonly string[],
  bytes: Uint8Array,
): void {
  if (session.writeAll !== undefined) {
    session.writeAll(names, bytes);
    return;
  }
  const tensors = new Map(session.program.tensors.map((tensor) => [tensor.name, tensor]));
  let at = 0;
  for (const name of names) {
    const end = at + tensorBytes(tensors.get(name)!);
    session.write(name, bytes.subarray(at, end));
    at = end;
  }
  assert(at === bytes.length, "the bytes are those of the tensors");
}
