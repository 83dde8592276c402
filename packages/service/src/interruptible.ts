/**
 * Opens the parts of a process that may be asked to end meanwhile. The end waits for what is being opened, so that this is closed as well;
 * what then fails because parts are closed already is no failure.
 */
import type { Shutdown } from "./createShutdown.ts";

/** A step of opening has no time that it must keep, but the end has. */
const openedWithinMs = 60_000;

/**
 * `open` calls `closing` with each part as soon as it is open, which throws where the end has begun. Rejects with the signal's reason, an
 * AbortError, once everything is closed again; else as `open` does.
 */
export async function interruptible<Opened>(
  shutdown: Pick<Shutdown, "add" | "done" | "signal">,
  open: (closing: Closing) => Promise<Opened>,
): Promise<Opened> {
  const { signal } = shutdown;
  const opening = Promise.resolve().then(() => {
    return open((name, run) => {
      shutdown.add({ name, deadlineMs: closedWithinMs, run });
      signal.throwIfAborted();
    });
  });
  const run = () => opening.then(nothing, nothing);
  shutdown.add({ name: "opening", deadlineMs: openedWithinMs, run });
  try {
    return await opening;
  } catch (error) {
    if (!signal.aborted) throw error;
    await shutdown.done;
    throw signal.reason;
  }
}

export type Closing = (name: string, run: () => Promise<void> | void) => void;

const closedWithinMs = 5_000;

function nothing(): void {}
