/** What a process says of itself, and who wants to hear of it when it changes. */

export interface StatusBoard {
  /** Plain data; setting it tells everybody who listens. */
  current: unknown;
}

export interface WatchedBoard extends StatusBoard {
  /** Calls back after each change, until the function that it returns is called. */
  subscribe(listener: () => void): () => void;
}

export function createStatusBoard(): WatchedBoard {
  const listeners = new Set<() => void>();
  let current: unknown = null;
  return {
    get current() {
      return current;
    },
    set current(next) {
      current = next;
      for (const listener of listeners) listener();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
