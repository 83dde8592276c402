/**
 * Runs steps again in a browser, off the page's thread: program, state and batch go in, the root of the
 * state after the step comes out. One worker keeps the kernels; replays wait for each other.
 */
import { type ErrorCode, type Fact, R3mesError, type StatePlace } from "@r3mes/protocol";
import type { KernelBuild } from "../backends/wasm/host.ts";
import type { Program } from "../program/program.ts";
import { type BrowserKernels, fetchKernels } from "./wasmHost.ts";

/** One step and everything that it depends on. Bytes are in storage form. */
export interface Replay {
  readonly program: Program;
  /** Every weight that is not the transpose of another. */
  readonly weights: ReadonlyMap<string, Uint8Array>;
  /** Every state tensor before the step, every input and the constants. */
  readonly tensors: ReadonlyMap<string, Uint8Array>;
  /** Where the step stands, since a state root is bound to its place. */
  readonly place: StatePlace;
}

export interface ReplayOutcome {
  /** Root of the state after the step, 32 bytes. */
  readonly root: Uint8Array;
  readonly build: KernelBuild;
  readonly threads: number;
}

export interface Replayer {
  /** Throws what the backend throws, with its code and facts. */
  replay(replay: Replay): Promise<ReplayOutcome>;
  close(): void;
}

export interface ReplayerOptions {
  /** Fetched from beside this module unless given. */
  readonly kernels?: BrowserKernels;
  /** Worker threads; all cores of an isolated page unless stated, 1 elsewhere. */
  readonly threads?: number;
}

/** What the worker is sent, first `kernels`, then replays; `serveReplays.ts` is the other side. */
export type ReplayRequest =
  | { readonly kernels: BrowserKernels; readonly threads?: number }
  | { readonly id: number; readonly replay: Replay };

export type ReplayReply =
  | { readonly id: number; readonly outcome: ReplayOutcome }
  | { readonly id: number; readonly failure: ReplayFailure };

export type ReplayFailure =
  | { readonly code: ErrorCode; readonly facts: Readonly<Record<string, Fact>> }
  | { readonly message: string };

interface Waiting {
  readonly resolve: (outcome: ReplayOutcome) => void;
  readonly reject: (error: Error) => void;
}

export async function startReplayer(options: ReplayerOptions = {}): Promise<Replayer> {
  const kernels = options.kernels ?? (await fetchKernels());
  const { threads } = options;
  const worker = new Worker(new URL("./serveReplays.ts", import.meta.url), { type: "module" });
  const waiting = new Map<number, Waiting>();
  let last = 0;
  let ended: Error | undefined;

  /** A worker that failed answers nothing any more, so later replays are told the same. */
  function end(reason: string): void {
    ended ??= new R3mesError({ code: "ENGINE_WORKER_FAILED", reason });
    worker.terminate();
    for (const { reject } of waiting.values()) reject(ended);
    waiting.clear();
  }

  worker.onmessage = ({ data }: MessageEvent<ReplayReply>) => {
    const asked = waiting.get(data.id);
    waiting.delete(data.id);
    if ("outcome" in data) asked?.resolve(data.outcome);
    else asked?.reject(errorOf(data.failure));
  };
  worker.onerror = ({ message }) => end(message);
  const first: ReplayRequest = threads === undefined ? { kernels } : { kernels, threads };
  worker.postMessage(first);
  return {
    replay(replay) {
      if (ended !== undefined) return Promise.reject(ended);
      last += 1;
      const request: ReplayRequest = { id: last, replay };
      return new Promise((resolve, reject) => {
        waiting.set(request.id, { resolve, reject });
        worker.postMessage(request);
      });
    },
    close: () => end("the replayer was closed"),
  };
}

function errorOf(failure: ReplayFailure): Error {
  if ("message" in failure) {
    return new R3mesError({ code: "ENGINE_WORKER_FAILED", reason: failure.message });
  }
  return new R3mesError({ ...failure.facts, code: failure.code });
}
