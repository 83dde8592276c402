/**
 * One life of a process. It may be ended at any of its calls to the world outside: what the call has done stays done, and the code that
 * waits for its answer never hears of anything again, as after kill -9. It may also stand still at any of them and go on later with all
 * that it knew, as after SIGSTOP and SIGCONT.
 */

export interface Life {
  readonly isOver: () => boolean;
  /** Ends at once: no call that is under way or comes later is answered. */
  end(): void;
  /** Ends after so many more calls. */
  endAfter(calls: number): void;
  /** The same function as long as this life lasts. */
  guard<Args extends unknown[], T>(
    call: (...args: Args) => Promise<T>,
  ): (...args: Args) => Promise<T>;
  /** Guards every function of a port. */
  guardAll<Port extends object>(port: Port): Port;
}

/** `standStill` answers once whoever lives may go on. */
export function beginLife(onEnd: () => void, standStill: () => Promise<void>): Life {
  let isOver = false;
  let callsLeft = Number.POSITIVE_INFINITY;
  const life: Life = {
    isOver: () => isOver,
    end() {
      if (isOver) return;
      isOver = true;
      onEnd();
    },
    endAfter(calls) {
      callsLeft = Math.min(callsLeft, calls);
    },
    guard:
      (call) =>
      async (...args) => {
        await standStill();
        if (isOver) return forever();
        try {
          return await call(...args);
        } finally {
          await standStill();
          callsLeft -= 1;
          if (callsLeft <= 0) life.end();
          // biome-ignore lint/correctness/noUnsafeFinally: whoever is dead hears neither answer nor error
          if (isOver) return forever();
        }
      },
    guardAll: (port) =>
      Object.fromEntries(
        Object.entries(port).map(([name, value]) => [
          name,
          typeof value === "function" ? life.guard(value.bind(port)) : value,
        ]),
      ) as typeof port,
  };
  return life;
}

function forever(): Promise<never> {
  return new Promise(() => {});
}
