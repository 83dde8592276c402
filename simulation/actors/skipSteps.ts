/** A cheat: a device that answers at once and computes nothing, so that its miner is paid for steps it never took. It has no trace to show. */
import type { Session } from "@r3mes/engine";
import { R3mesError } from "@r3mes/protocol";

/** The log of a cheat is read by people, too. */
const noTrace = {
  code: "DEVICE_NOT_EXACT",
  backend: "that skips steps",
  tensor: "every trace",
  step: 1,
} as const;

export function skipSteps(session: Session): Session {
  return {
    ...session,
    async run(observe) {
      if (observe !== undefined) throw new R3mesError(noTrace);
    },
    read: async (name) => (name === "loss.total" ? new Uint8Array(8) : session.read(name)),
  };
}
