/** Places for those who follow events: so many in all, and so many of one address, so that nobody takes all of them. */
import { R3mesError } from "@r3mes/protocol";
import { networkOf } from "../../access/networkOf.ts";

export interface Listeners {
  /** A place, until it is aborted. Throws QUEUE_FULL. */
  enter(address: string): AbortController;
  /** Ends all of them. */
  abort(): void;
}

export interface ListenersLimits {
  readonly listenersMax: number;
  readonly ofAddressMax: number;
}

/** Many visitors may come through one proxy. */
export const listenersLimits: ListenersLimits = { listenersMax: 1_000, ofAddressMax: 250 };
/** What a client is told to wait before it tries again. */
const retryAfterS = 15;

export function createListeners({ listenersMax, ofAddressMax }: ListenersLimits): Listeners {
  /** Each with the network that it came from. */
  const listeners = new Map<AbortController, string>();
  return {
    enter(address) {
      const network = networkOf(address);
      const own = [...listeners.values()].filter((other) => other === network).length;
      const isFull = listeners.size >= listenersMax;
      if (isFull || own >= ofAddressMax) {
        const waiting = isFull ? listeners.size : own;
        throw new R3mesError({ code: "QUEUE_FULL", waiting, retryAfterS });
      }
      const controller = new AbortController();
      listeners.set(controller, network);
      controller.signal.addEventListener("abort", () => listeners.delete(controller));
      return controller;
    },
    abort() {
      for (const listener of [...listeners.keys()]) listener.abort();
    },
  };
}
