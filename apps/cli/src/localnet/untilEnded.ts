/** Waits for a process that was asked to end, for as long as it goes on ending. */
import type { Clock } from "@r3mes/service";

export type UntilEnded = {
  readonly isAlive: () => boolean;
  /** Names of what still runs, for whoever waits: as long as they become fewer, it is not stuck. */
  readonly left: () => readonly string[];
  readonly show: (line: string) => void;
  /** For how long nothing may change, in milliseconds. */
  readonly quietMs: number;
};

const pollMs = 50;

/** Null once it has ended; otherwise for how many seconds nothing has changed. */
export async function untilEnded(
  { isAlive, left, show, quietMs }: UntilEnded,
  clock: Pick<Clock, "monotonicMs" | "sleep">,
): Promise<number | null> {
  let names = left();
  let changedMs = clock.monotonicMs();
  while (isAlive()) {
    const now = left();
    if (now.length !== names.length) {
      names = now;
      changedMs = clock.monotonicMs();
    }
    const waitedMs = clock.monotonicMs() - changedMs;
    if (waitedMs > quietMs) return Math.round(waitedMs / 1_000);
    show(names.length === 0 ? "ending" : `still ending: ${names.join(", ")}`);
    await clock.sleep(pollMs);
  }
  return null;
}
