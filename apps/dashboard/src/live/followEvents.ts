/**
 * The stream of network events, for as long as a page is open: the browser resumes a broken stream by
 * itself; where it gives up (the API was away), this begins anew after the last event that came.
 */
import type { EventKind, NetworkEvent } from "../api/records.ts";

export const eventKinds: readonly EventKind[] = [
  "block",
  "round",
  "chunk",
  "audit",
  "case",
  "adapter",
  "reward",
  "participant",
  "registry",
  "beacon",
];

const againAfterMs = 2_000;

export type EventHandlers = {
  readonly onOpen: () => void;
  readonly onLost: () => void;
  readonly onEvent: (event: NetworkEvent) => void;
};

export type FollowDeps = {
  readonly openStream: (url: string) => EventSource;
  readonly wait: (ms: number, then: () => void) => () => void;
};

/** Returns the function that ends it. */
export function followEvents(url: string, handlers: EventHandlers, deps: FollowDeps): () => void {
  let last: string | null = null;
  let source: EventSource | null = null;
  let cancelWait: (() => void) | null = null;

  function open(): void {
    source = deps.openStream(last === null ? url : `${url}?after=${encodeURIComponent(last)}`);
    source.onopen = handlers.onOpen;
    source.onerror = () => {
      handlers.onLost();
      if (source?.readyState !== 2) return;
      source.close();
      cancelWait = deps.wait(againAfterMs, open);
    };
    for (const kind of eventKinds) {
      source.addEventListener(kind, (message) => {
        const event = readEvent(message as MessageEvent<string>);
        if (event === null) return;
        last = event.id;
        handlers.onEvent(event);
      });
    }
  }

  open();
  return () => {
    cancelWait?.();
    source?.close();
  };
}

function readEvent(message: MessageEvent<string>): NetworkEvent | null {
  try {
    return JSON.parse(message.data) as NetworkEvent;
  } catch {
    return null;
  }
}
