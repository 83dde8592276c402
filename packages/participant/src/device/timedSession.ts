/** A session that tells how long each of its runs took: what is computed, apart from all that goes with it. */
import type { Session } from "@r3mes/engine";

/** One that knows what it computes apart from its waiting for a processor, or for whoever asked. */
export interface MeasuredSession extends Session {
  /** Of the run that was answered last. */
  readonly lastRun: () => RunTime;
}

export interface RunTime {
  /** By the clock, from the first command to the last. */
  readonly ms: number;
  /** Processor time of its threads where the session knows it, else by the clock. */
  readonly ranMs: number;
}

/** `monotonicMs` is milliseconds on a scale that only grows; it serves where the session does not measure itself. */
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
      if (isMeasured(session)) return onRun(session.lastRun());
      const ms = monotonicMs() - began;
      onRun({ ms, ranMs: ms });
    },
  };
}

function isMeasured(session: Session): session is MeasuredSession {
  return "lastRun" in session;
}
