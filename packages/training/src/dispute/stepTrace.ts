/**
 * One step, run again to answer for it. Nothing is kept but roots: a party that has to show the tiles of a tensor, or the inputs of a
 * tile, runs the step once more and keeps just those.
 */
import {
  type RecordedStep,
  recordsOf,
  rootOfTensor,
  type Session,
  stateTensors,
  type Trace,
  traceOfRoots,
  treeOfTensor,
} from "@r3mes/engine";
import type { Hash, Sha256, Tree } from "@r3mes/protocol";
import { type ChunkState, writeState } from "../step/chunkState.ts";
import { batchBytes, type ChunkStep, constantsOfStep, runStep } from "../step/runStep.ts";

/** A step, and the state before it. */
export interface DisputedStep extends ChunkStep {
  readonly before: ChunkState;
}

/** What a party can show of its own computation of a step. */
export interface StepTrace {
  readonly trace: Trace;
  /** The tree over the tiles of the tensor that a record computes. */
  tiles(record: number): Promise<Tree>;
}

/** Storage bytes of tensors by number: what was given before the step, and what was kept of it. */
export type StepTensors = RecordedStep;

/** Runs the step. */
export async function traceDisputedStep(
  session: Session,
  step: DisputedStep,
  hash?: Sha256,
): Promise<StepTrace> {
  const { program } = step.plan;
  const roots: Hash[] = [];
  await runObserved(session, step, (tensor, bytes) => {
    roots.push(rootOfTensor(program, tensor, bytes, hash));
  });
  return {
    trace: traceOfRoots(roots, hash),
    async tiles(record) {
      const { tensor } = recordsOf(program)[record]!;
      const { after } = await keepTensors(session, step, [tensor]);
      return treeOfTensor(program, tensor, after.get(tensor)!, hash);
    },
  };
}

/** Runs the step and keeps the named tensors that it computes, beside state, batch and constants. */
export async function keepTensors(
  session: Session,
  step: DisputedStep,
  wanted: readonly number[],
): Promise<StepTensors> {
  const after = new Map<number, Uint8Array>();
  await runObserved(session, step, (tensor, bytes) => {
    if (wanted.includes(tensor)) after.set(tensor, bytes.slice());
  });
  return { before: givenTensors(step), after };
}

/** What stands before the step: state, batch and constants. */
export function givenTensors({
  plan,
  leased,
  t,
  before,
}: DisputedStep): ReadonlyMap<number, Uint8Array> {
  const { program } = plan;
  const numberOf = (name: string) => program.tensors.findIndex((tensor) => tensor.name === name);
  const given = new Map(stateTensors(program).map((id, i) => [id, before[i]!]));
  given.set(numberOf("tokens"), batchBytes(plan, leased, t));
  given.set(numberOf("step"), constantsOfStep(plan, leased, t));
  return given;
}

async function runObserved(
  session: Session,
  step: DisputedStep,
  observe: (tensor: number, bytes: Uint8Array) => void,
): Promise<void> {
  const { operations } = step.plan.program;
  writeState(session, step.before);
  await runStep(session, step, (operation, output, bytes) => {
    observe(operations[operation]!.outputs[output]!, bytes);
  });
}
