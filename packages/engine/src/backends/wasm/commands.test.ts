import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { R3mesError } from "@r3mes/protocol";
import { expect, onTestFinished, test } from "vitest";
import {
  CONTROL,
  CONTROL_BYTES,
  type Crew,
  encodeCommands,
  executeWith,
  runOnCrew,
  serveRuns,
} from "./commands.ts";

const THREADS = 2;
const command = { kernel: 0, units: 2, grain: 1, args: [] };

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

/** A run with the patience of ten minutes, which a test could not wait for. */
function patientRun(buffer: SharedArrayBuffer): Promise<number> {
  const crew: Crew = {
    buffer: () => buffer,
    execute: executeWith([() => {}]),
    ...{ thread: 0, threads: THREADS, scratch: 0 },
  };
  return runOnCrew(crew, { start: CONTROL_BYTES / 4, length: 0 });
}
