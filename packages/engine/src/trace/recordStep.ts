/** Runs a step and keeps the bytes of some tensors, before anything overwrites them. */
import type { Session } from "../backends/backend.ts";

/** Storage bytes by tensor number: `before` of state, inputs and constants, `after` of what records computed. */
export interface RecordedStep {
  readonly before: ReadonlyMap<number, Uint8Array>;
  readonly after: ReadonlyMap<number, Uint8Array>;
}

/** Runs one step. `wanted` chooses the computed tensors to keep; everything that is given from outside is kept. */
export async function recordStep(
  session: Session,
  wanted: (tensor: number) => boolean = () => true,
): Promise<RecordedStep> {
  const { program } = session;
  const before = new Map<number, Uint8Array>();
  for (const [id, tensor] of program.tensors.entries()) {
    if (tensor.role === "state" || tensor.role === "input" || tensor.role === "constant") {
      before.set(id, await session.read(tensor.name));
    }
  }
  const after = new Map<number, Uint8Array>();
  await session.run((operation, output, bytes) => {
    const id = program.operations[operation]!.outputs[output]!;
    if (wanted(id)) after.set(id, bytes.slice());
  });
  return { before, after };
}
