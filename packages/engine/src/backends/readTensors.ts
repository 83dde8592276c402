/** Several tensors of a session in one piece, at once where the session can. `into` serves as in `readAll`. */
import type { Session } from "./backend.ts";
import { joinBytes } from "./joinBytes.ts";

export async function readTensors(
  session: Pick<Session, "read" | "readAll">,
  names: readonly string[],
  into?: Uint8Array,
): Promise<Uint8Array> {
  if (session.readAll !== undefined) return session.readAll(names, into);
  return joinBytes(await Promise.all(names.map((name) => session.read(name))), into);
}
