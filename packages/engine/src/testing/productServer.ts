/**
 * A process that runs products on request, so that the benchmark can compare V8 flags, which are set
 * for a whole process, in turn within one run. Talks over the channel of `fork`.
 */
import type { Session } from "../backends/backend.ts";
import { tensorBytes } from "../tensor/storage.ts";
import { type BackendChoice, openBackend } from "./openBackend.ts";
import { type ProductShape, productProgram, productWeights } from "./productProgram.ts";

export interface ProductRequest {
  readonly shape: ProductShape;
  readonly build: BackendChoice;
  readonly threads: number;
  /** Runs of one measurement. */
  readonly runs: number;
}

export interface ProductAnswer {
  /** Seconds of all threads together, and seconds that passed. */
  readonly cpuSeconds: number;
  readonly seconds: number;
}

const sessions = new Map<string, Promise<Session>>();

process.on("message", (request: ProductRequest) => {
  void measure(request).then((answer) => process.send!(answer));
});

async function measure({ shape, build, threads, runs }: ProductRequest): Promise<ProductAnswer> {
  const key = JSON.stringify([shape, build, threads]);
  if (!sessions.has(key)) sessions.set(key, prepare(shape, build, threads));
  const session = await sessions.get(key)!;
  const startedAt = performance.now();
  const usedBefore = process.cpuUsage();
  for (let run = 0; run < runs; run++) await session.run();
  const used = process.cpuUsage(usedBefore);
  return {
    cpuSeconds: (used.user + used.system) / 1e6,
    seconds: (performance.now() - startedAt) / 1e3,
  };
}

async function prepare(
  shape: ProductShape,
  build: BackendChoice,
  threads: number,
): Promise<Session> {
  const program = productProgram(shape);
  const backend = openBackend(build, threads);
  const weights = productWeights(program);
  const session = await backend.prepare(program, weights);
  for (const tensor of program.tensors) {
    if (tensor.role !== "input") continue;
    const bytes =
      tensor.dtype === "i32"
        ? new Uint8Array(new Int32Array(tensor.rows).fill(9000).buffer)
        : await weights(tensor.name);
    session.write(tensor.name, bytes.subarray(0, tensorBytes(tensor)));
  }
  return session;
}
