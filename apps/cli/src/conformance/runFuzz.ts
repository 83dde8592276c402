/** Compares random programs on every wanted backend with the reference, traced and plain. */
import { reference } from "@r3mes/engine";
import { runCasePlain, runOperationCase } from "@r3mes/engine/conformance";
import { type RandomCase, randomCase } from "@r3mes/models";
import type { FuzzReport } from "./conformanceReport.ts";
import type { Contestant } from "./runConformance.ts";

export type FuzzPlan = { readonly programs: number; readonly seed: number };

type Hashes = Readonly<Record<string, string>>;

/**
 * Programs `seed`, `seed` + 1, … A difference does not end the run, so that one fault does not hide another.
 *
 * @param onProgress is told what goes on
 */
export async function runFuzz(
  contestants: readonly Contestant[],
  { programs, seed }: FuzzPlan,
  onProgress: (text: string) => void,
): Promise<FuzzReport> {
  const failed: FuzzReport["failed"][number][] = [];
  for (let number = seed; number < seed + programs; number += 1) {
    onProgress(`comparing random program ${number}`);
    const randomProgram = randomCase(number);
    const expected = await runOperationCase(reference, randomProgram);
    for (const contestant of contestants) {
      const tensor = await firstDifference(contestant, randomProgram, expected);
      if (tensor === null) continue;
      const { name: backend, threads } = contestant;
      const options = `--backend ${backend} --threads ${threads} --fuzz 1 --seed ${number}`;
      failed.push({
        backend,
        threads,
        seed: number,
        tensor,
        replay: `npx r3mes conformance ${options}`,
      });
    }
  }
  return { programs, seed, failed };
}

/** The name of the first tensor that differs, with what raised it in place of a name, or null. */
async function firstDifference(
  { backend }: Contestant,
  randomProgram: RandomCase,
  expected: Hashes,
): Promise<string | null> {
  try {
    for (const run of [runOperationCase, runCasePlain]) {
      const hashes = await run(backend, randomProgram);
      const names = Object.keys(run === runOperationCase ? expected : hashes);
      const tensor = names.find((name) => hashes[name] !== expected[name]);
      if (tensor !== undefined) return tensor;
    }
    return null;
  } catch (error) {
    return `error: ${error instanceof Error ? error.message : String(error)}`;
  }
}
