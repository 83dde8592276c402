import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { R3mesError } from "@r3mes/protocol";
import { expect, onTestFinished, test } from "vitest";
import {
  CONTROL,
  CONTROL_BYTES,
  type Crew,
  commandWords,
  encodeCommands,
  executeWith,
  runOnCrew,
  serveRuns,
} from "./commands.ts";

const THREADS = 2;
const command = { kernel: 0, units: 2, grain: 1, joined: 0, block: 0, args: [] };

/** Two commands with a barrier between them, in a memory of their own. */
function createCrew(patienceMs?: number) {
  const buffer = new SharedArrayBuffer(4096);
  const words = encodeCommands([
    { ...command, barrier: false },
    { ...command, barrier: true },
  ]);
  new Int32Array(buffer, CONTROL_BYTES, words.length).set(words);
  const crew: Crew = {
    buffer: () => buffer,
    execute: executeWith([() => {}]),
    ...{ thread: 0, threads: THREADS, scratch: 0 },
    ...(patienceMs === undefined ? {} : { patienceMs }),
  };
  const run = () => runOnCrew(crew, { start: CONTROL_BYTES / 4, length: words.length });
  return { buffer, run };
}

async function startTrap(buffer: SharedArrayBuffer): Promise<Worker> {
  const worker = new Worker(new URL("../../testing/serveTrap.ts", import.meta.url), {
    workerData: { buffer, threads: THREADS },
  });
  onTestFinished(async () => void (await worker.terminate()));
  await once(worker, "message");
  return worker;
}

const codeOf = (run: Promise<unknown>): Promise<string> =>
  run.then(
    () => "none",
    (error: unknown) => {
      if (error instanceof R3mesError) return error.code;
      throw error;
    },
  );

test("a kernel that traps on another thread is named, and the next run begins anew", async () => {
  const { buffer, run } = createCrew();
  await startTrap(buffer);
  expect(await run()).toBe(0);
  expect(await patientRun(buffer)).toBe(-1);
  expect(await run()).toBe(0);
});

test("a thread whose end nobody hears of ends the run after all patience, and later ones at once", async () => {
  const { buffer, run } = createCrew(50);
  const worker = await startTrap(buffer);
  await worker.terminate();
  expect(await codeOf(run())).toBe("ENGINE_THREAD_LOST");
  expect(await codeOf(patientRun(buffer))).toBe("ENGINE_THREAD_LOST");
});

test("a thread that fails outside its kernels says so before anybody waits for it", async () => {
  const { buffer, run } = createCrew();
  new Int32Array(buffer)[CONTROL.run] = 1;
  let reads = 0;
  const fails = () => {
    reads += 1;
    if (reads > 1) throw new RangeError("no memory for a view");
    return buffer;
  };
  const execute = executeWith([]);
  const worker: Crew = { buffer: fails, execute, thread: 1, threads: THREADS, scratch: 0 };
  expect(() => serveRuns(worker)).toThrow("no memory for a view");
  expect(await codeOf(run())).toBe("ENGINE_THREAD_LOST");
});

test("a run that throws on the calling thread ends the others at once", async () => {
  const { buffer } = createCrew();
  const worker = await startTrap(buffer);
  const ended = once(worker, "exit");
  const execute = () => {
    throw new RangeError("no kernels here");
  };
  const crew: Crew = {
    ...{ buffer: () => buffer, execute },
    thread: 0,
    threads: THREADS,
    scratch: 0,
  };
  const run = runOnCrew(crew, { start: CONTROL_BYTES / 4, length: 10 });
  await expect(run).rejects.toThrow("no kernels here");
  await ended;
  expect(await codeOf(patientRun(buffer))).toBe("ENGINE_THREAD_LOST");
});

/** A group of two commands, the second of twice the units, and one behind it. */
function groupOf() {
  const words = encodeCommands([
    { ...command, units: 7, grain: 1, joined: 1, block: 2, barrier: false },
    { ...command, kernel: 1, units: 14, grain: 2, block: 4, barrier: false },
    { ...command, kernel: 2, units: 5, barrier: false },
  ]);
  const calls: string[] = [];
  const kernels = [0, 1, 2].map((kernel) => (from: number, to: number) => {
    calls.push(`${kernel}: ${from} to ${to}`);
    if (kernel === 1 && from >= 8) throw new RangeError("unreachable");
  });
  return { words, calls, execute: executeWith(kernels as (() => void)[]) };
}

test("a thread takes a block of each command of a group before the next of any", () => {
  const { words, calls, execute } = groupOf();
  expect(execute(words, 0, words.length, { thread: 0, threads: 2, scratch: 0 })).toBe(-1);
  expect(calls).toEqual(["0: 0 to 2", "1: 0 to 4", "0: 2 to 3", "1: 4 to 6", "2: 0 to 2"]);
});

test("a kernel that traps in a later block is named, and nothing runs behind it", () => {
  const { words, calls, execute } = groupOf();
  expect(execute(words, 0, words.length, { thread: 1, threads: 2, scratch: 0 })).toBe(1);
  expect(calls).toEqual(["0: 3 to 5", "1: 6 to 10", "0: 5 to 7", "1: 10 to 14"]);
});

test("a run may end within a group, and the next begin there", () => {
  const { words, calls, execute } = groupOf();
  const cut = words.length - 2 * commandWords(0);
  const as = { thread: 0, threads: 2, scratch: 0 };
  expect([execute(words, 0, cut, as), execute(words, cut, words.length, as)]).toEqual([-1, -1]);
  expect(calls).toEqual(["0: 0 to 2", "0: 2 to 3", "1: 0 to 4", "1: 4 to 6", "2: 0 to 2"]);
});

/** A run with the patience of ten minutes, which a test could not wait for. */
function patientRun(buffer: SharedArrayBuffer): Promise<number> {
  const crew: Crew = {
    buffer: () => buffer,
    execute: executeWith([() => {}]),
    ...{ thread: 0, threads: THREADS, scratch: 0 },
  };
  return runOnCrew(crew, { start: CONTROL_BYTES / 4, length: 0 });
}
