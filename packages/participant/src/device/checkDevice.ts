/**
 * Whether this device computes the specified bytes: whole training steps of a tiny model, whose state at the end is known. The
 * definition itself is slow, and is asked only where that state is another, for the first tensor that differs.
 */
import {
  type Backend,
  reference,
  stateRootOf,
  stateTensorRoots,
  stateTensors,
} from "@r3mes/engine";
import { nodeSha256 } from "@r3mes/engine/node";
import { tinyTraining } from "@r3mes/models";
import { assert, R3mesError, toHex } from "@r3mes/protocol";

const steps = 3;
const setup = { seed: 1, steps, sequences: 2, length: 16 } as const;
/** Root of the state after the last step, as the definition gives it. */
const known = "5f157c1b96259c467a92691ede68d68a3acc88d9c01d99b2b9ae6bb9b62eb717";

interface Roots {
  /** Of the state after the last step, in hex. */
  readonly last: string;
  /** Of the state tensors after each step, in hex. */
  readonly tensors: readonly (readonly string[])[];
}

/** Every operation of a step, forward and back, has to agree in every bit. Throws DEVICE_NOT_EXACT naming the first that differs. */
export async function checkDevice(backend: Backend): Promise<void> {
  const found = await rootsOf(backend);
  if (found.last === known) return;
  const expected = await rootsOf(reference);
  assert(expected.last === known, "the known root is that of the definition");
  const { program } = tinyTraining(setup);
  for (const [i, roots] of expected.tensors.entries()) {
    const at = roots.findIndex((root, tensor) => root !== found.tensors[i]![tensor]);
    if (at < 0) continue;
    const tensor = program.tensors[stateTensors(program)[at]!]!.name;
    throw new R3mesError({ code: "DEVICE_NOT_EXACT", backend: backend.name, step: i + 1, tensor });
  }
  // Its tensors were right after each step, but not when the state was read once more.
  const facts = { backend: backend.name, step: steps, tensor: "all" };
  throw new R3mesError({ code: "DEVICE_NOT_EXACT", ...facts });
}

async function rootsOf(backend: Backend): Promise<Roots> {
  const training = tinyTraining(setup);
  const session = await backend.prepare(training.program, training.weights);
  try {
    training.begin(session);
    const tensors: string[][] = [];
    for (let t = 1; t <= steps; t += 1) {
      training.prepareStep(session, t);
      await session.run();
      tensors.push((await stateTensorRoots(session, nodeSha256)).map(toHex));
    }
    const place = { pool: 0n, round: 1n, chunk: 0n, t: steps };
    return { last: toHex(await stateRootOf(session, place, nodeSha256)), tensors };
  } finally {
    await session.close();
  }
}
