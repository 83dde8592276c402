/**
 * The device that a participant computes on, in a thread of its own: a step takes a second, and whoever owes the chain a reveal must
 * hear of it meanwhile. It is a backend like any other, but that a write which is refused fails the next run or read.
 */
import { Worker } from "node:worker_threads";
import {
  type Member,
  type Observer,
  type Program,
  type SharedBackend,
  sharedBackend,
  type WeightSource,
} from "@r3mes/engine";
import { reportOf } from "@r3mes/protocol";
import type { Logger } from "@r3mes/service";
import type { DeviceStart, FromDevice, ToDevice } from "./deviceMessages.ts";
import { errorOf } from "./errorOf.ts";
import type { MeasuredSession, RunTime } from "./timedSession.ts";

export interface DeviceOptions extends Omit<DeviceStart, "taken"> {}

export interface Device extends SharedBackend {
  /** Ends the thread; what it was asked fails. */
  close(): Promise<void>;
}

/** A device that has proven itself. It never falls back to another: DEVICE_NOT_EXACT. */
export async function createDevice(options: DeviceOptions, log: Logger): Promise<Device> {
  const line = openLine(options, log);
  try {
    const name = await line.ready;
    log.info({ ...options, backend: name }, "device computes the specified bytes");
    let last = 0;
    const backend = sharedBackend(name, async (members, weights) => {
      const numbered = members.map((member) => ({ ...member, number: ++last }));
      await prepare(line, numbered, weights);
      return numbered.map(({ number, program }) => sessionOf(line, number, program));
    });
    return { ...backend, close: line.close };
  } catch (error) {
    await line.close();
    throw error;
  }
}

type WithBytes = Extract<ToDevice, { readonly bytes: Uint8Array }>;

/** The thread, as something to ask. */
interface Line {
  /** The backend's name. */
  readonly ready: Promise<string>;
  ask(request: ToDevice, hear?: Listener): Promise<Answer>;
  tell(message: ToDevice): void;
  /**
   * Sends a copy of the bytes, and of nothing else: a message that only names a piece of a buffer is sent with all of it, which for each
   * tensor of a state that lies in one piece is all of the state.
   */
  hand(message: WithBytes): void;
  /** Sends the bytes themselves: they are the other side's from now on. */
  giveUp(message: WithBytes): void;
  close(): Promise<void>;
}

/** What may be said between a request and its answer. */
type Listener = (message: FromDevice) => void;

interface Answer {
  readonly bytes: Uint8Array | undefined;
  readonly took: RunTime | undefined;
}

interface Pending extends Deferred<Answer> {
  readonly hear: Listener | undefined;
}

interface Deferred<T> {
  readonly promise: Promise<T>;
  readonly resolve: (result: T) => void;
  readonly reject: (error: unknown) => void;
}

function deferred<T>(): Deferred<T> {
  let settle: Omit<Deferred<T>, "promise"> | undefined;
  const promise = new Promise<T>((resolve, reject) => {
    settle = { resolve, reject };
  });
  return { promise, ...settle! };
}

function openLine(options: DeviceOptions, log: Logger): Line {
  const taken = new SharedArrayBuffer(4);
  const workerData: DeviceStart = { ...options, taken };
  // Bytes pass through and are forgotten: without a limit V8 keeps a hundred megabytes for them.
  const resourceLimits = { maxYoungGenerationSizeMb: 6 };
  const url = new URL("./serveDevice.ts", import.meta.url);
  const worker = new Worker(url, { workerData, resourceLimits });
  const ready = deferred<string>();
  const pending: Pending[] = [];
  let ended: Error | undefined;

  const end = (error: Error) => {
    ended ??= error;
    ready.reject(ended);
    for (const { reject } of pending.splice(0)) reject(ended);
  };
  worker.on("error", (error: Error) => end(error));
  worker.on("exit", () => end(new Error("the computing thread has ended")));
  worker.on("message", (message: FromDevice) => {
    switch (message.kind) {
      case "ready":
        return ready.resolve(message.backend);
      case "unfit":
        return ready.reject(errorOf(message.error));
      case "warn":
        return log.warn({ text: message.text }, "device");
      case "done":
        return pending.shift()!.resolve(message);
      case "failed":
        return pending.shift()!.reject(errorOf(message.error));
      case "observed": {
        // The observer may keep the bytes for itself.
        const { length } = message.bytes;
        pending[0]!.hear?.(message);
        return letGoOn(new Int32Array(taken), length);
      }
      default:
        pending[0]!.hear?.(message);
    }
  });
  return {
    ready: ready.promise,
    ask(request, hear) {
      if (ended !== undefined) return Promise.reject(ended);
      const answer = deferred<Answer>();
      pending.push({ ...answer, hear });
      worker.postMessage(request);
      return answer.promise;
    },
    tell: (message) => worker.postMessage(message),
    hand(message) {
      const bytes = message.bytes.slice();
      worker.postMessage({ ...message, bytes }, [bytes.buffer]);
    },
    giveUp: (message) => worker.postMessage(message, [message.bytes.buffer as ArrayBuffer]),
    async close() {
      await worker.terminate();
    },
  };
}

function letGoOn(taken: Int32Array, bytes: number): void {
  Atomics.add(taken, 0, bytes);
  Atomics.notify(taken, 0);
}

interface NumberedMember extends Member {
  /** Of its session. */
  readonly number: number;
}

async function prepare(
  line: Line,
  numbered: readonly NumberedMember[],
  weights: WeightSource,
): Promise<void> {
  const bring = async (name: string) => {
    try {
      line.hand({ kind: "weight", bytes: await weights(name) });
    } catch (error) {
      line.tell({ kind: "noWeight", error: reportOf(error) });
    }
  };
  const sessions = numbered.map(({ number }) => number);
  const members = numbered.map(({ program, state }) => ({ program, state }));
  await line.ask({ kind: "prepare", sessions, members }, (message) => {
    if (message.kind === "need") void bring(message.name);
  });
}

function sessionOf(line: Line, session: number, program: Program): MeasuredSession {
  let last: RunTime = { ms: 0, ranMs: 0 };
  return {
    program,
    isQueued: true,
    lastRun: () => last,
    write: (name, bytes, rows) => line.hand({ kind: "write", session, name, bytes, rows }),
    writeAll: (names, bytes) => line.hand({ kind: "writeAll", session, names, bytes }),
    async run(observe, only) {
      last = await run(line, session, observe, only);
    },
    read: async (name, rows) => (await line.ask({ kind: "read", session, name, rows })).bytes!,
    giveBack: (bytes) => line.giveUp({ kind: "giveBack", session, bytes }),
    readAll: async (names) => (await line.ask({ kind: "readAll", session, names })).bytes!,
    async close() {
      await line.ask({ kind: "close", session });
    },
  };
}

/** What the observer throws is thrown here, once the step is done. Returns what the step took. */
async function run(
  line: Line,
  session: number,
  observe: Observer | undefined,
  only: ReadonlySet<number> | undefined,
): Promise<RunTime> {
  let failure: { readonly error: unknown } | undefined;
  const shown = { isObserved: observe !== undefined, ...(only === undefined ? {} : { only }) };
  const { took } = await line.ask({ kind: "run", session, ...shown }, (message) => {
    if (message.kind !== "observed" || failure !== undefined) return;
    try {
      observe?.(message.operation, message.output, message.bytes);
    } catch (error) {
      failure = { error };
    }
  });
  if (failure !== undefined) throw failure.error;
  return took!;
}
