/** Runs the case suite and whole training steps on every wanted backend and compares with the specification. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  type Backend,
  createNativeBackend,
  createWasmBackend,
  createWebgpuBackend,
  type KernelBuild,
  reference,
} from "@r3mes/engine";
import { decodeOperationCases, operationCases, runOperationCase } from "@r3mes/engine/conformance";
import { createNodeNativeHost, createNodeWasmHost, createNodeWebgpuHost } from "@r3mes/engine/node";
import type { Clock } from "@r3mes/service";
import { repository } from "../repository.ts";
import type { BackendReport } from "./conformanceReport.ts";
import { meterMemory } from "./meterMemory.ts";
import { firstDifference, runTraining, type TrainingRun } from "./runTraining.ts";

export type Contestant = {
  readonly name: string;
  readonly threads: number;
  readonly backend: Backend;
  readonly bytesMax: () => number | null;
};

/** In the order of the vectors. */
const cases = [...operationCases, ...decodeOperationCases];

type CaseHashes = { readonly name: string; readonly tensors: Readonly<Record<string, string>> };

export function contestantsOf(name: string, threads: readonly number[]): readonly Contestant[] {
  if (name === "reference") {
    return [{ name, threads: 1, backend: reference, bytesMax: () => null }];
  }
  if (name === "webgpu") {
    const backend = createWebgpuBackend(createNodeWebgpuHost());
    return [{ name, threads: 1, backend, bytesMax: backend.bytesHeldMax }];
  }
  if (name === "native") {
    return threads.map((count) => {
      const { host, bytesMax } = meterMemory(createNodeNativeHost());
      return {
        name,
        threads: count,
        backend: createNativeBackend(host, { threads: count }),
        bytesMax,
      };
    });
  }
  const build = name.slice("wasm-".length) as KernelBuild;
  return threads.map((count) => {
    const { host, bytesMax } = meterMemory(createNodeWasmHost());
    return {
      name,
      threads: count,
      backend: createWasmBackend(host, { build, threads: count }),
      bytesMax,
    };
  });
}

/**
 * @param onProgress is told what goes on
 * @returns a report for each contestant, in their order
 */
export async function runConformance(
  contestants: readonly Contestant[],
  steps: number,
  clock: Clock,
  onProgress: (text: string) => void,
): Promise<readonly BackendReport[]> {
  const vectors = readVectors();
  onProgress(`training ${steps} steps on the reference`);
  const expected = await runTraining(reference, steps, clock);
  const reports: BackendReport[] = [];
  for (const contestant of contestants) {
    const { name, threads } = contestant;
    onProgress(`running ${name} on ${threads} ${threads === 1 ? "thread" : "threads"}`);
    reports.push(await judge(contestant, vectors, expected, clock));
  }
  return reports;
}

async function judge(
  { name, threads, backend, bytesMax }: Contestant,
  vectors: readonly CaseHashes[],
  expected: TrainingRun,
  clock: Clock,
): Promise<BackendReport> {
  const failed: string[] = [];
  for (const [index, operationCase] of cases.entries()) {
    const hashes = await runOperationCase(backend, operationCase);
    if (!isSame(hashes, vectors[index])) failed.push(operationCase.name);
  }
  const steps = expected.roots.length;
  const run = await runTraining(backend, steps, clock);
  const differs = firstDifference(run, expected);
  const all = cases.length;
  return {
    backend: name,
    threads,
    cases: { passed: all - failed.length, all, failed },
    steps,
    root: run.root,
    equal: failed.length === 0 && differs === null,
    differs,
    tokensPerSecond: Math.round(run.tokensPerSecond * 10) / 10,
    memoryBytes: bytesMax(),
  };
}

function isSame(hashes: Readonly<Record<string, string>>, vector: CaseHashes | undefined): boolean {
  const names = Object.keys(vector?.tensors ?? {});
  return names.length > 0 && names.every((name) => hashes[name] === vector!.tensors[name]);
}

function readVectors(): readonly CaseHashes[] {
  const path = join(repository, "spec/vectors/arithmetic/operations.json");
  return (JSON.parse(readFileSync(path, "utf8")) as { cases: readonly CaseHashes[] }).cases;
}
