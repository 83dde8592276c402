/**
 * A process that trains random weights step by step on request, so that the benchmark can compare builds and V8 flags, which
 * are set for a whole process, in turn within one run. Talks over the channel of `fork`.
 */
import { type BitnetShape, LINEARS, type TinyTraining, tinyTraining } from "@r3mes/models";
import type { Session } from "../backends/backend.ts";
import { createWebgpuBackend } from "../backends/webgpu.ts";
import { createNodeWebgpuHost } from "../node/index.ts";
import { type BackendChoice, openBackend } from "./openBackend.ts";

export interface StepShape {
  readonly shape: BitnetShape;
  readonly sequences: number;
  readonly length: number;
}

export interface StepRequest<Build extends string = BackendChoice | "webgpu"> {
  readonly step: StepShape;
  readonly build: Build;
  readonly threads: number;
}

export interface StepAnswer {
  /** Seconds of all threads together, and seconds that passed. */
  readonly cpuSeconds: number;
  readonly seconds: number;
}

interface Runner {
  readonly training: TinyTraining;
  readonly session: Session;
  t: number;
}

const STEPS = 1_000;
const runners = new Map<string, Promise<Runner>>();

process.on("message", (request: StepRequest) => {
  void measure(request).then((answer) => process.send!(answer));
});

async function measure({ step, build, threads }: StepRequest): Promise<StepAnswer> {
  const key = JSON.stringify([step, build, threads]);
  if (!runners.has(key)) runners.set(key, prepare({ step, build, threads }));
  const runner = await runners.get(key)!;
  runner.t += 1;
  runner.training.prepareStep(runner.session, runner.t);
  const startedAt = performance.now();
  const usedBefore = process.cpuUsage();
  await runner.session.run();
  const used = process.cpuUsage(usedBefore);
  return {
    cpuSeconds: (used.user + used.system) / 1e6,
    seconds: (performance.now() - startedAt) / 1e3,
  };
}

async function prepare({ step, build, threads }: StepRequest): Promise<Runner> {
  const adapter = { rank: 8, alpha: 16, targets: LINEARS };
  const training = tinyTraining({ seed: 1, steps: STEPS, adapter, ...step });
  const backend =
    build === "webgpu" ? createWebgpuBackend(createNodeWebgpuHost()) : openBackend(build, threads);
  const session = await backend.prepare(training.program, training.weights);
  training.begin(session);
  return { training, session, t: 0 };
}
