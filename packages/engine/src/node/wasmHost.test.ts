import { once } from "node:events";
import type { Worker } from "node:worker_threads";
import { tinyTraining } from "@r3mes/models";
import { expect, onTestFinished, test } from "vitest";
import { createWasmBackend } from "../backends/wasm.ts";
import { createNodeWasmHost } from "./wasmHost.ts";

/** A session that stands before its first step, and the one worker of its two threads. */
async function startTwoThreads() {
  const training = tinyTraining({ seed: 1, steps: 1, sequences: 1, length: 8 });
  const backend = createWasmBackend(createNodeWasmHost(), { build: "base", threads: 2 });
  const started = once(process, "worker");
  const session = await backend.prepare(training.program, training.weights);
  onTestFinished(() => session.close());
  training.begin(session);
  training.prepareStep(session, 1);
  const [worker] = (await started) as [Worker];
  return { session, worker };
}

test("a thread that is ended from outside in the middle of a run ends it, without the patience of its barriers", async () => {
  const { session, worker } = await startTwoThreads();
  const ended = worker.terminate();
  await expect(session.run()).rejects.toMatchObject({
    code: "ENGINE_THREAD_LOST",
    facts: { threads: 2 },
  });
  await ended;
});

test("a thread that was ended between two runs lets none begin", async () => {
  const { session, worker } = await startTwoThreads();
  await session.run();
  await worker.terminate();
  await expect(session.run()).rejects.toMatchObject({ code: "ENGINE_THREAD_LOST" });
});
