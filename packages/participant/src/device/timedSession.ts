/** A session that tells how long each of its runs took: what is computed, apart from all that goes with it. */
import type { Session } from "@r3mes/engine";

/** `monotonicMs` is milliseconds on a scale that only grows. */
export function timedSession(
  session: Session,
  monotonicMs: () => number,
  onRun: (ms: number) => void,
): Session {
  return {
    ...session,
    async run(observe, only) {
      const began = monotonicMs();
      await session.run(observe, only);
      onRun(monotonicMs() - began);
    },
  };
}
