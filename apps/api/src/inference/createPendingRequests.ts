/**
 * What the worker was asked and has not answered. A request fails that has no turn while its asker is given nothing at all: whose
 * other requests are answered meanwhile waits behind them, however long that takes.
 */
import { R3mesError } from "@r3mes/protocol";
import { errorOf } from "./errorOf.ts";
import type { RequestNews } from "./messages.ts";

/** What a client is told to wait before it tries again. */
export const retryAfterS = 2;

export function queueFull(waiting: number): R3mesError {
  return new R3mesError({ code: "QUEUE_FULL", waiting, retryAfterS });
}

export interface PendingRequests {
  /** @param hearOne gets what the worker says of this request, and ends it with a result */
  add<Result>(
    asker: string,
    hearOne: (message: RequestNews, end: (result: Result | undefined) => void) => void,
    onBegin?: () => void,
  ): { readonly id: number; readonly done: Promise<Result | undefined> };
  hear(message: RequestNews): void;
  failAll(error: unknown): void;
  readonly load: () => { readonly active: number; readonly waiting: number };
  /** As many of an asker wait as may: there is always room for whoever has nothing waiting, until very many have something. */
  readonly isFull: (asker: string) => boolean;
}

interface Pending {
  readonly asker: string;
  isWaiting: boolean;
  readonly hear: (message: RequestNews) => void;
  readonly begin: () => void;
  readonly fail: (error: unknown) => void;
}

export function createPendingRequests(options: {
  /** Requests that may wait; of one asker as many as leave room for as many again. */
  readonly waitingMax: number;
  /** A request that has not begun fails when its asker was given nothing for so long. */
  readonly waitMsMax: number;
  readonly nowMs: () => number;
  /** Called when a request has failed because it waited too long. */
  readonly onLate: (id: number) => void;
}): PendingRequests {
  const pending = new Map<number, Pending>();
  /** When the worker last told something of a request, of askers that it has not answered all. */
  const servedMs = new Map<string, number>();
  let ids = 0;

  const thoseWaiting = () => [...pending.values()].filter(({ isWaiting }) => isWaiting);

  /** Calls back once an asker was given nothing for too long, from now on at the earliest. Returns what ends the watch. */
  function watch(asker: string, onLate: () => void): () => void {
    const addedMs = options.nowMs();
    const leftMs = () =>
      Math.max(addedMs, servedMs.get(asker) ?? addedMs) + options.waitMsMax - options.nowMs();
    let timer: NodeJS.Timeout;
    const look = () => {
      const left = leftMs();
      if (left <= 0) onLate();
      else timer = setTimeout(look, left);
    };
    look();
    return () => clearTimeout(timer);
  }

  function failLate(id: number): void {
    const waitedMs = options.waitMsMax;
    pending.get(id)?.fail(new R3mesError({ code: "QUEUE_TIMED_OUT", waitedMs, retryAfterS }));
    options.onLate(id);
  }

  function forget(id: number, asker: string): void {
    pending.delete(id);
    if (![...pending.values()].some((other) => other.asker === asker)) servedMs.delete(asker);
  }

  return {
    add<Result>(
      asker: string,
      hearOne: (message: RequestNews, end: (result: Result | undefined) => void) => void,
      onBegin?: () => void,
    ) {
      ids += 1;
      const id = ids;
      const stopWatch = watch(asker, () => failLate(id));
      const done = new Promise<Result | undefined>((resolve, reject) => {
        const finish = () => {
          stopWatch();
          forget(id, asker);
        };
        pending.set(id, {
          asker,
          isWaiting: true,
          begin: () => {
            stopWatch();
            onBegin?.();
          },
          hear: (message) =>
            hearOne(message, (result) => {
              finish();
              resolve(result);
            }),
          fail: (error) => {
            finish();
            reject(error);
          },
        });
      });
      return { id, done };
    },
    hear(message) {
      const request = pending.get(message.id);
      if (request === undefined) return;
      servedMs.set(request.asker, options.nowMs());
      if (message.kind === "begin") {
        request.isWaiting = false;
        request.begin();
      } else if (message.kind === "failed") request.fail(errorOf(message.error));
      else request.hear(message);
    },
    failAll(error) {
      for (const request of [...pending.values()]) request.fail(error);
    },
    load() {
      const waiting = thoseWaiting().length;
      return { active: pending.size - waiting, waiting };
    },
    isFull(asker) {
      const waiting = thoseWaiting();
      const own = waiting.filter((one) => one.asker === asker);
      return own.length >= options.waitingMax - waiting.length;
    },
  };
}
