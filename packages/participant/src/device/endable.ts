/**
 * A session that may be ended while somebody works with it. What it was asked before is answered: a device takes one request after the
 * other. What it is asked after that is refused.
 */
import type { Session } from "@r3mes/engine";
import { R3mesError } from "@r3mes/protocol";

export interface Endable {
  /** Throws POOL_CLOSED once it was ended. */
  readonly session: Session;
  end(): Promise<void>;
}

export function endable(session: Session): Endable {
  let isOver = false;
  const before =
    <What extends unknown[], Answer>(ask: (...what: What) => Answer) =>
    (...what: What): Answer => {
      if (isOver) throw new R3mesError({ code: "POOL_CLOSED" });
      return ask(...what);
    };
  const { writeAll, readAll, giveBack } = session;
  return {
    session: {
      ...session,
      write: before(session.write),
      run: before(session.run),
      read: before(session.read),
      ...(writeAll === undefined ? {} : { writeAll: before(writeAll) }),
      ...(readAll === undefined ? {} : { readAll: before(readAll) }),
      ...(giveBack === undefined ? {} : { giveBack: (bytes) => void (isOver || giveBack(bytes)) }),
    },
    async end() {
      isOver = true;
      await session.close();
    },
  };
}
