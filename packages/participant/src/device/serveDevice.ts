/**
 * The thread that computes: it proves its device, then prepares programs and runs them, one request after the other. It holds no key
 * and no journal, and knows no chain; a weight that it lacks it asks for.
 */
import { getPriority, setPriority } from "node:os";
import { parentPort, workerData } from "node:worker_threads";
import { readTensors, type Session, type SharedBackend, writeTensors } from "@r3mes/engine";
import { reportOf } from "@r3mes/protocol";
import { checkDevice } from "./checkDevice.ts";
import { createSpare, type Spare } from "./createSpare.ts";
import type { DeviceStart, FromDevice, ToDevice } from "./deviceMessages.ts";
import { errorOf } from "./errorOf.ts";
import { openBackend } from "./openBackend.ts";
import type { RunTime } from "./timedSession.ts";

const start = workerData as DeviceStart;
const taken = new Int32Array(start.taken);
const sessions = new Map<number, OpenSession>();
/** Set while sessions are being prepared. */
let awaited: { take(bytes: Uint8Array): void; fail(error: unknown): void } | undefined;
/** Observed bytes that were sent, modulo 2^32, and how many of them may be under way. */
let sent = 0;
const underWayMax = 8 << 20;

interface OpenSession {
  readonly session: Session;
  /** The first write that failed since the last request. */
  failure: unknown;
  /** Memory for what is read next. */
  readonly spare: Spare;
}

// On Linux this holds for the calling thread and those that it starts: whoever has deadlines keeps its own. Who was started further
// back stays there, since only a superuser may come forward.
setPriority(0, Math.max(getPriority(0), start.niceness));
const backend = await openProven();
if (backend !== undefined) {
  let last: Promise<unknown> = Promise.resolve();
  let waiting = 0;
  parentPort!.on("message", (message: ToDevice) => {
    if (message.kind === "weight") awaited?.take(message.bytes);
    else if (message.kind === "noWeight") awaited?.fail(errorOf(message.error));
    else {
      waiting += 1;
      last = last
        .then(() => act(backend, message))
        .then(() => {
          waiting -= 1;
          if (waiting === 0) rest();
        });
    }
  });
  say({ kind: "ready", backend: backend.name });
}

/** Nothing is asked: between two chunks others need memory, to fetch and to hand out what was trained. */
function rest(): void {
  for (const { spare } of sessions.values()) spare.forget();
}

async function openProven(): Promise<SharedBackend | undefined> {
  try {
    const opened = await openBackend(start, (text) => say({ kind: "warn", text }));
    await checkDevice(opened);
    return opened;
  } catch (error) {
    say({ kind: "unfit", error: reportOf(error) });
    return undefined;
  }
}

type Request = Exclude<ToDevice, { readonly kind: "weight" | "noWeight" }>;

async function act(backend: SharedBackend, message: Request): Promise<void> {
  if (message.kind === "write" || message.kind === "writeAll") return write(message);
  if (message.kind === "giveBack") {
    sessions.get(message.session)?.spare.keep(message.bytes);
    return;
  }
  try {
    const began = { ms: performance.now(), usage: process.threadCpuUsage() };
    const bytes = await answer(backend, message);
    const took = message.kind === "run" ? runTime(began) : undefined;
    say({ kind: "done", bytes, took }, bytes && [bytes]);
  } catch (error) {
    say({ kind: "failed", error: reportOf(error) });
  }
}

/** The threads of a step have equal parts of it, and this is one of them. While a GPU computes, this thread waits. */
function runTime(began: { readonly ms: number; readonly usage: NodeJS.CpuUsage }): RunTime {
  const ms = performance.now() - began.ms;
  if (start.backend === "webgpu") return { ms, ranMs: ms };
  const { user, system } = process.threadCpuUsage(began.usage);
  return { ms, ranMs: ((user + system) / 1_000) * start.threads };
}

type Write = Extract<Request, { readonly kind: "write" | "writeAll" }>;

function write(message: Write): void {
  const open = sessions.get(message.session)!;
  try {
    if (message.kind === "write") open.session.write(message.name, message.bytes, message.rows);
    else writeTensors(open.session, message.names, message.bytes);
  } catch (error) {
    open.failure ??= error;
  }
}

async function answer(
  backend: SharedBackend,
  message: Exclude<Request, Write | { readonly kind: "giveBack" }>,
): Promise<Uint8Array | undefined> {
  if (message.kind === "prepare") {
    const prepared = await backend.prepareAll(message.members, askForWeight);
    for (const [i, session] of prepared.entries()) {
      sessions.set(message.sessions[i]!, { session, failure: undefined, spare: createSpare() });
    }
    return undefined;
  }
  const open = sessions.get(message.session)!;
  const { session, failure } = open;
  open.failure = undefined;
  if (failure !== undefined) throw failure;
  switch (message.kind) {
    case "read":
      return session.read(message.name, message.rows);
    case "readAll":
      return readTensors(session, message.names, open.spare.take());
    case "run":
      await session.run(message.isObserved ? observe : undefined, message.only);
      return undefined;
    case "close":
      sessions.delete(message.session);
      await session.close();
      return undefined;
  }
}

function askForWeight(name: string): Promise<Uint8Array> {
  return new Promise((take, fail) => {
    awaited = { take, fail };
    say({ kind: "need", name });
  });
}

/** Shows an output, and waits while too much is under way: a traced step is far larger than that. */
function observe(operation: number, output: number, bytes: Uint8Array): void {
  const copy = bytes.slice();
  sent = (sent + copy.length) | 0;
  say({ kind: "observed", operation, output, bytes: copy }, [copy]);
  for (;;) {
    const seen = Atomics.load(taken, 0);
    if (((sent - seen) | 0) <= underWayMax) return;
    Atomics.wait(taken, 0, seen);
  }
}

/** The buffers of `moved` are the other side's from now on. */
function say(message: FromDevice, moved: readonly Uint8Array[] = []): void {
  parentPort!.postMessage(
    message,
    moved.map(({ buffer }) => buffer as ArrayBuffer),
  );
}
