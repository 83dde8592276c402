/** Whole training steps of the tiny model on a backend, with the root of every state tensor after each. */
import { type Backend, stateTensorRoots, stateTensors } from "@r3mes/engine";
import { nodeSha256 } from "@r3mes/engine/node";
import { tinyTraining } from "@r3mes/models";
import { type Hash, stateRoot, toHex } from "@r3mes/protocol";
import type { Clock } from "@r3mes/service";

export type TrainingRun = {
  /** Roots of the state tensors after step 1, 2, … */
  readonly roots: readonly (readonly Hash[])[];
  /** Hex of the state root after the last step. */
  readonly root: string;
  readonly tokensPerSecond: number;
};

const seed = 1;
const sequences = 2;
const length = 16;

export async function runTraining(
  backend: Backend,
  steps: number,
  clock: Clock,
): Promise<TrainingRun> {
  const training = tinyTraining({ seed, steps, sequences, length });
  const session = await backend.prepare(training.program, training.weights);
  try {
    training.begin(session);
    const roots: (readonly Hash[])[] = [];
    let stepsMs = 0;
    for (let t = 1; t <= steps; t += 1) {
      training.prepareStep(session, t);
      const beganMs = clock.monotonicMs();
      await session.run();
      stepsMs += clock.monotonicMs() - beganMs;
      roots.push(await stateTensorRoots(session, nodeSha256));
    }
    const place = { pool: 0n, round: 1n, chunk: 0n, t: steps };
    const root = toHex(stateRoot(place, roots.at(-1)!, nodeSha256));
    return { roots, root, tokensPerSecond: (steps * sequences * length * 1000) / stepsMs };
  } finally {
    await session.close();
  }
}

/** The first step and state tensor in which two runs differ, or null. */
export function firstDifference(
  run: TrainingRun,
  expected: TrainingRun,
): { readonly step: number; readonly tensor: string } | null {
  const { program } = tinyTraining({ seed, steps: expected.roots.length, sequences, length });
  const names = stateTensors(program).map((id) => program.tensors[id]!.name);
  for (const [i, roots] of expected.roots.entries()) {
    const at = roots.findIndex((root, tensor) => toHex(root) !== toHex(run.roots[i]![tensor]!));
    if (at >= 0) return { step: i + 1, tensor: names[at]! };
  }
  return null;
}
