/**
 * A session that is forgotten once its GPU is lost. What ran on it fails, and is tried again as any duty is: whoever asks next has a
 * session prepared anew, on the GPU that is there then.
 */
import type { Session } from "@r3mes/engine";
import { R3mesError } from "@r3mes/protocol";

export function forgetLost(session: Session, forget: () => void): Session {
  return {
    ...session,
    async run(observe, only) {
      try {
        await session.run(observe, only);
      } catch (error) {
        if (error instanceof R3mesError && error.code === "GPU_LOST") forget();
        throw error;
      }
    },
  };
}
