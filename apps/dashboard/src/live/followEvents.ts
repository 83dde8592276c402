/**
 * The stream of network events, for as long as a page is open. A stream that breaks is never resumed but
 * begun anew, from now: whoever listens reads everything again when it opens, and the place of the last
 * event may be of a chain that is gone, whose heights the new one reaches late or never.
 */
import type { EventKind, NetworkEvent } from "../api/records.ts";

/** A record, so that a kind which the API adds and this page does not hear is an error of types. */
const heard: Readonly<Record<EventKind, true>> = {
  block: true,
  round: true,
  chunk: true,
  audit: true,
  case: true,
  adapter: true,
  reward: true,
  participant: true,
  registry: true,
  beacon: true,
};

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
  let source: EventSource | null = null;
  let cancelWait: (() => void) | null = null;

  function open(): void {
    const opened = deps.openStream(url);
    source = opened;
    opened.onopen = handlers.onOpen;
    opened.onerror = () => {
      handlers.onLost();
      opened.close();
      cancelWait = deps.wait(againAfterMs, open);
    };
    for (const kind of Object.keys(heard)) {
      opened.addEventListener(kind, (message) => {
        const event = readEvent(message as MessageEvent<string>);
        if (event !== null) handlers.onEvent(event);
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
