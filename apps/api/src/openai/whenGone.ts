/** A client that leaves is not computed for. */
import type { FastifyReply } from "fastify";

/** Calls back when the client leaves before its reply has ended; at once if it has left already. Returns what ends the watch. */
export function whenGone({ raw }: Pick<FastifyReply, "raw">, onGone: () => void): () => void {
  if (raw.destroyed) {
    onGone();
    return () => {};
  }
  raw.once("close", onGone);
  return () => void raw.off("close", onGone);
}
