/**
 * The sessions of one machine, which may be ended while somebody works with one of them. What it was asked before is answered: a device takes
 * one request after the other. What it is asked after that is refused.
 */
import type { Session } from "@r3mes/engine";
import { R3mesError } from "@r3mes/protocol";

export interface Endable {
  /** They throw POOL_CLOSED once they were ended. */
  readonly sessions: readonly Session[];
  end(): Promise<void>;
}

export function endable(sessions: readonly Session[]): Endable {
  let isOver = false;
  return {
    sessions: sessions.map((session) => until(() => isOver, session)),
    async end() {
      isOver = true;
      await Promise.all(sessions.map((session) => session.close()));
    },
  };
}

function until(isOver: () => boolean, session: Session): Session {
  const before =
    <What extends unknown[], Answer>(ask: (...what: What) => Answer) =>
    (...what: What): Answer => {
      if (isOver()) throw new R3mesError({ code: "POOL_CLOSED" });
      return ask(...what);
    };
  const { writeAll, readAll, giveBack } = session;
  return {
    ...session,
    write: before(session.write),
    run: before(session.run),
    read: before(session.read),
    ...(writeAll === undefined ? {} : { writeAll: before(writeAll) }),
    ...(readAll === undefined ? {} : { readAll: before(readAll) }),
    ...(giveBack === undefined ? {} : { giveBack: (bytes) => void (isOver() || giveBack(bytes)) }),
  };
}
