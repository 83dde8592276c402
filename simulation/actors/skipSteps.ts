/** A cheat: a device that answers at once and computes nothing, so that its miner is paid for steps it never took. */
import type { Session } from "@r3mes/engine";

export function skipSteps(session: Session): Session {
  return {
    ...session,
    run: async () => undefined,
    read: async (name) => (name === "loss.total" ? new Uint8Array(8) : session.read(name)),
  };
}
