/**
 * A process that trains random weights and tells the parts of a step: its products, hashing its state, and the memory that it took. A
 * process of its own for each number of threads, because memory is counted for a whole one; another one draws the weights.
 */
import { LINEARS, tinyTraining } from "@r3mes/models";
import type { KernelName } from "../backends/wasm/kernelNames.ts";
import { nodeSha256 } from "../node/nodeSha256.ts";
import { stateTensorRoots } from "../trace/stateRoot.ts";
import { drawWeightsAside } from "./drawWeightsAside.ts";
import type { BackendChoice } from "./openBackend.ts";
import { prepareTimed } from "./prepareTimed.ts";
import type { StepRequest } from "./stepServer.ts";

export interface PartAnswer {
  /** Seconds of processor time of a step, of what in it is no product of matrices, and of the root of its state. */
  readonly stepSeconds: number;
  readonly outsideSeconds: number;
  readonly hashSeconds: number;
  /** The most memory that this process has had, what it had with its modules alone, and what was planned for weights and activations. */
  readonly peakBytes: number;
  readonly loadedBytes: number;
  readonly plannedBytes: number;
}

/** Products of matrices; those of attention are within its own kernels, and count as outside. */
const PRODUCTS: readonly KernelName[] = [
  "linearRows",
  "linearBackwardRows",
  "gemmRows",
  "headScore",
  "factorGradient",
];

const STEPS = 1_000;
const loadedBytes = process.memoryUsage.rss();
const runners = new Map<string, ReturnType<typeof prepare>>();

/** A GPU does not tell the time of its parts. */
export type PartRequest = StepRequest<BackendChoice>;

process.on("message", (request: PartRequest) => {
  void measure(request).then((answer) => process.send!(answer));
});

async function measure(request: PartRequest): Promise<PartAnswer> {
  const key = JSON.stringify(request);
  if (!runners.has(key)) runners.set(key, prepare(request));
  const runner = await runners.get(key)!;
  const { training, timed } = runner;
  runner.t += 1;
  training.prepareStep(timed.session, runner.t);
  timed.seconds.clear();
  await timed.session.run();
  const before = process.cpuUsage();
  await stateTensorRoots(timed.session, nodeSha256);
  const { user, system } = process.cpuUsage(before);
  const stepSeconds = sum(timed.seconds.values());
  const products = PRODUCTS.map((name) => timed.seconds.get(name) ?? 0);
  return {
    stepSeconds,
    outsideSeconds: stepSeconds - sum(products),
    hashSeconds: (user + system) / 1e6,
    peakBytes: process.resourceUsage().maxRSS * 1024,
    loadedBytes,
    plannedBytes: timed.bytes(),
  };
}

async function prepare({ step, ...how }: PartRequest) {
  const adapter = { rank: 8, alpha: 16, targets: LINEARS };
  const options = { seed: 1, steps: STEPS, adapter, ...step };
  const training = tinyTraining(options);
  const drawn = drawWeightsAside(training, options);
  const timed = await prepareTimed(how, training.program, drawn.weights);
  drawn.close();
  training.begin(timed.session);
  return { training, timed, t: 0 };
}

function sum(values: Iterable<number>): number {
  return [...values].reduce((total, value) => total + value, 0);
}
