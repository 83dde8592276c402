/**
 * What a signal does before any process of the localnet runs: the start ends at once, and says so. A chain that is half set up is set up
 * anew by the next start.
 */
import type { LocalnetView } from "./localnetView.ts";

export type StartDeps = {
  readonly view: Pick<LocalnetView, "stopped">;
  readonly signals: {
    readonly on: (name: NodeJS.Signals, listener: () => void) => unknown;
    readonly off: (name: NodeJS.Signals, listener: () => void) => unknown;
  };
  /** Ends this process by the signal, so that whoever waits for it sees why. */
  readonly endBy: (name: NodeJS.Signals) => void;
};

const names = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Returns what hands the signals over to whoever runs the processes. */
export function endBeforeStart({ view, signals, endBy }: StartDeps): () => void {
  const listeners = names.map((name) => ({ name, listener: () => end(name) }));
  for (const { name, listener } of listeners) signals.on(name, listener);
  return handOver;

  function handOver(): void {
    for (const { name, listener } of listeners) signals.off(name, listener);
  }

  function end(name: NodeJS.Signals): void {
    handOver();
    view.stopped(null);
    endBy(name);
  }
}
