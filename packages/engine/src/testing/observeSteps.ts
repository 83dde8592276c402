/** What a training shows on a backend: every output of every operation, or the state it leaves. */
import type { TinyTraining } from "@r3mes/models";
import type { Backend, Session } from "../backends/backend.ts";
import { nodeSha256 } from "../node/nodeSha256.ts";

const hashOf = (bytes: Uint8Array) => Buffer.from(nodeSha256(bytes)).toString("hex");

/** Hashes of all outputs of steps 1 to `steps`, each beside its operation and output. */
export async function observeSteps(
  backend: Backend,
  training: TinyTraining,
  steps: number,
): Promise<readonly string[]> {
  const seen: string[] = [];
  await train(backend, training, steps, (session) =>
    session.run((operation, output, bytes) => {
      const { name } = training.program.operations[operation]!;
      seen.push(`${name} ${output} ${hashOf(bytes)}`);
    }),
  );
  return seen;
}

/** Hashes of the state after runs of steps 1 to `steps`, plain ones unless stated, by tensor. */
export async function stateAfter(
  backend: Backend,
  training: TinyTraining,
  steps: number,
  run: (session: Session) => Promise<void> = (session) => session.run(),
): Promise<Readonly<Record<string, string>>> {
  const state: Record<string, string> = {};
  await train(backend, training, steps, run, async (session) => {
    for (const { role, name } of training.program.tensors) {
      if (role === "state") state[name] = hashOf(await session.read(name));
    }
  });
  return state;
}

async function train(
  backend: Backend,
  training: TinyTraining,
  steps: number,
  run: (session: Session) => Promise<void>,
  atEnd: (session: Session) => Promise<void> = async () => {},
): Promise<void> {
  const session = await backend.prepare(training.program, training.weights);
  training.begin(session);
  for (let t = 1; t <= steps; t++) {
    training.prepareStep(session, t);
    await run(session);
  }
  await atEnd(session);
  await session.close();
}
