/** A session that tells how long each of its runs took: what is computed, apart from all that goes with it. */
import type { Session } from "@r3mes/engine";

/** One that knows what it computes apart from its waiting for a processor, or for whoever asked. */
export interface MeasuredSession extends Session {
  /** Processor time of the last run, in milliseconds. */
  readonly ranMs: () => number;
}

export interface RunTime {
  /** By the clock. */
  readonly ms: number;
  /** Processor time where the session knows it, else by the clock. */
  readonly ranMs: number;
}

/** `monotonicMs` is milliseconds on a scale that only grows. */
export function timedSession(
  session: Session,
  monotonicMs: () => number,
  onRun: (time: RunTime) => void,
): Session {
  return {
    ...session,
    async run(observe, only) {
      const began = monotonicMs();
      await session.run(observe, only);
      const ms = monotonicMs() - began;
      onRun({ ms, ranMs: isMeasured(session) ? session.ranMs() : ms });
    },
  };
}

function isMeasured(session: Session): session is MeasuredSession {
  return "ranMs" in session;
}
