/**
 * Keeps a worker that computes answers, and speaks with it. A worker that ends is started again; what it was asked fails with a code,
 * and the next request is answered. It must not compute anything itself.
 */
import { Worker } from "node:worker_threads";
import type { AnswerEnd, AskOptions, InferenceRequest, Run } from "@r3mes/inference";
import { R3mesError, reportOf } from "@r3mes/protocol";
import type { Clock, Logger } from "@r3mes/service";
import { createPendingRequests, queueFull, retryAfterS } from "./createPendingRequests.ts";
import type { AdapterFile, FromWorker, RequestNews, ToWorker, WorkerStart } from "./messages.ts";

export interface ModelWorkerOptions extends WorkerStart {
  /** Requests that may wait beside those that are under way; of one asker as many as leave room for as many again. */
  readonly waitingMax: number;
  /** A request that has not begun fails when its asker was given nothing for so long. */
  readonly waitMsMax: number;
}

export interface ModelWorkerDeps {
  readonly log: Logger;
  readonly clock: Clock;
  /** The file of an adapter, checked against its root. Rejects if there is none, or it cannot be had now. */
  readonly adapterFile: (id: string) => Promise<AdapterFile>;
}

/** Whom a request is from is always said. */
export type WorkerAskOptions = AskOptions & { readonly asker: string };

export interface ModelWorker {
  /** Fails with QUEUE_FULL, QUEUE_TIMED_OUT, INFERENCE_UNAVAILABLE, or as the model refuses. */
  ask(request: InferenceRequest, options: WorkerAskOptions): Run<AnswerEnd>;
  embed(tokens: readonly number[], adapter: string | null, asker: string): Run<number[]>;
  readonly load: () => { readonly active: number; readonly waiting: number };
  readonly isReady: () => boolean;
  /** As many of an asker wait as may: it would refuse one more with QUEUE_FULL. */
  readonly isFull: (asker: string) => boolean;
  /** How often a worker had to be started again. */
  readonly restarts: () => number;
  close(): Promise<void>;
}

const restartMs = 500;
export function createModelWorker(options: ModelWorkerOptions, deps: ModelWorkerDeps): ModelWorker {
  const { waitingMax, waitMsMax, ...workerData } = options;
  const tell = (message: ToWorker) => worker.postMessage(message);
  const pending = createPendingRequests({
    waitingMax,
    waitMsMax,
    nowMs: deps.clock.monotonicMs,
    onLate: (id) => tell({ kind: "cancel", id }),
  });
  let restarts = 0;
  let isReady = false;
  let isClosed = false;
  let worker = startWorker();

  function startWorker(): Worker {
    const started = new Worker(new URL("./modelWorker.ts", import.meta.url), { workerData });
    started.on("message", (message: FromWorker) => hear(message));
    started.on("error", (error) => deps.log.error({ error }, "the model's worker failed"));
    started.once("exit", (exitCode) => void ended(exitCode));
    return started;
  }

  async function ended(exitCode: number): Promise<void> {
    isReady = false;
    pending.failAll(unavailable("its worker ended"));
    if (isClosed) return;
    deps.log.error({ exitCode }, "the model's worker ended and is started again");
    restarts += 1;
    await deps.clock.sleep(restartMs);
    if (!isClosed) worker = startWorker();
  }

  function hear(message: FromWorker): void {
    if (message.kind === "ready") isReady = true;
    else if (message.kind === "warn") deps.log.warn({ text: message.text }, "the model's worker");
    else if (message.kind === "need") void bring(message.adapter);
    else for (const one of message.news) pending.hear(one);
  }

  async function bring(adapter: string): Promise<void> {
    try {
      tell({ kind: "adapter", adapter, file: await deps.adapterFile(adapter) });
    } catch (error) {
      tell({ kind: "noAdapter", adapter, error: reportOf(error) });
    }
  }

  /** Sends a request and follows it to its end. */
  function send<Result>(
    asker: string,
    message: (id: number) => ToWorker,
    hearOne: (message: RequestNews, end: (result: Result | undefined) => void) => void,
    onBegin?: () => void,
  ): Run<Result> {
    if (!isReady) return refused(unavailable("its worker is starting"));
    if (pending.isFull(asker)) return refused(queueFull(pending.load().waiting));
    const { id, done } = pending.add(asker, hearOne, onBegin);
    tell(message(id));
    return { done, cancel: () => tell({ kind: "cancel", id }) };
  }

  return {
    ask: (request, { asker, onBegin, onPiece }) =>
      send<AnswerEnd>(
        asker,
        (id) => ({ kind: "ask", id, asker, request }),
        (message, end) => {
          if (message.kind === "piece") onPiece(message.piece);
          if (message.kind === "end") end(message.end);
        },
        onBegin,
      ),
    embed: (tokens, adapter, asker) =>
      send<number[]>(
        asker,
        (id) => ({ kind: "embed", id, asker, tokens, adapter }),
        (message, end) => {
          if (message.kind === "vector") end(message.vector);
        },
      ),
    load: pending.load,
    isReady: () => isReady,
    isFull: pending.isFull,
    restarts: () => restarts,
    async close() {
      isClosed = true;
      await worker.terminate();
    },
  };
}

/** A request that was never sent. */
export function refused(error: R3mesError): Run<never> {
  return { done: Promise.reject(error), cancel: () => {} };
}

function unavailable(reason: string): R3mesError {
  return new R3mesError({ code: "INFERENCE_UNAVAILABLE", reason, retryAfterS });
}
