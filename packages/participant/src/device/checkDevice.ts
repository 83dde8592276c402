/** Whether this device computes the specified bytes: whole training steps of a tiny model, beside the definition itself. */
import { type Backend, reference, stateTensorRoots, stateTensors } from "@r3mes/engine";
import { tinyTraining } from "@r3mes/models";
import { sha256Of } from "@r3mes/models/node";
import { R3mesError, toHex } from "@r3mes/protocol";

const steps = 3;
const setup = { seed: 1, steps, sequences: 2, length: 16 } as const;

/** Every operation of a step, forward and back, has to agree in every bit. Throws DEVICE_NOT_EXACT naming the first that differs. */
export async function checkDevice(backend: Backend): Promise<void> {
  const [found, expected] = [await rootsOf(backend), await rootsOf(reference)];
  const { program } = tinyTraining(setup);
  for (const [i, roots] of expected.entries()) {
    const at = roots.findIndex((root, tensor) => root !== found[i]![tensor]);
    if (at < 0) continue;
    const tensor = program.tensors[stateTensors(program)[at]!]!.name;
    throw new R3mesError({ code: "DEVICE_NOT_EXACT", backend: backend.name, step: i + 1, tensor });
  }
}

/** Hex roots of the state tensors after each step. */
async function rootsOf(backend: Backend): Promise<readonly (readonly string[])[]> {
  const training = tinyTraining(setup);
  const session = await backend.prepare(training.program, training.weights);
  try {
    training.begin(session);
    const roots: string[][] = [];
    for (let t = 1; t <= steps; t += 1) {
      training.prepareStep(session, t);
      await session.run();
      roots.push((await stateTensorRoots(session, sha256Of)).map(toHex));
    }
    return roots;
  } finally {
    await session.close();
  }
}
