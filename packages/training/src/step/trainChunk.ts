/**
 * Trains a leased chunk: H steps from the adapter's state, each with a root, and the update that they amount to. A state is hashed and
 * handed on while the next step runs, so that on a device in a thread of its own both cost the time of the longer one.
 */
import { compress, encodeUpdate, type Observer, type Session } from "@r3mes/engine";
import { type Hash, type Sha256, stepsRoot } from "@r3mes/protocol";
import type { Adapter } from "../adapter/adapter.ts";
import { type TrainingPlan, updateLayoutOf } from "../pool/trainingPlan.ts";
import {
  type ChunkState,
  factorsOf,
  firstState,
  readState,
  rootOfState,
  writeState,
} from "./chunkState.ts";
import { rootOfUpdate } from "./rootOfUpdate.ts";
import { type ChunkTask, runStep } from "./runStep.ts";

export interface TrainedChunk {
  /** Root of the state after step t = 1 … H. */
  readonly stateRoots: readonly Hash[];
  readonly stepsRoot: Hash;
  /** The update's one encoding. */
  readonly update: Uint8Array;
  readonly updateRoot: Hash;
  /** Sum of the losses of all tokens of all steps, in bits, Q16. */
  readonly lossSum: bigint;
}

export interface TrainChunkOptions {
  readonly hash?: Sha256;
  /** Called with every state from t = 0 on: a miner keeps them for its auditors. */
  readonly onState?: (t: number, state: ChunkState) => void | Promise<void>;
  /** A step of which the outputs of some operations are shown. */
  readonly shown?: ShownStep;
  /** Called after each step, for whoever shows progress. */
  readonly onStep?: (t: number, loss: bigint) => void;
}

/** Step t, from 1; `only` are the positions of the operations that are shown. */
export interface ShownStep {
  readonly t: number;
  readonly observe: Observer;
  readonly only: ReadonlySet<number>;
}

export async function trainChunk(
  session: Session,
  plan: TrainingPlan,
  task: ChunkTask,
  adapter: Adapter,
  options: TrainChunkOptions = {},
): Promise<TrainedChunk> {
  let state = firstState(plan, adapter);
  writeState(session, state);
  const stateRoots: Hash[] = [];
  const settle = async (t: number, settled: ChunkState) => {
    if (t > 0) {
      stateRoots.push(rootOfState(plan, placeOf(plan, task, t), settled, options.hash));
    }
    await options.onState?.(t, settled);
  };
  const run = (t: number) => {
    const { shown } = options;
    if (shown?.t !== t) return runStep(session, plan, task, t);
    return runStep(session, plan, task, t, shown.observe, shown.only);
  };
  let lossSum = 0n;
  for (let t = 1; t <= plan.localSteps; t += 1) {
    const [loss, settled] = await Promise.allSettled([run(t), settle(t - 1, state)]);
    // Both have ended: whoever tries again after a failure finds a session at rest.
    if (loss.status === "rejected") throw loss.reason;
    if (settled.status === "rejected") throw settled.reason;
    lossSum += loss.value;
    state = await readState(session);
    options.onStep?.(t, loss.value);
  }
  await settle(plan.localSteps, state);
  const update = updateOf(plan, adapter, state);
  return {
    stateRoots,
    stepsRoot: stepsRoot(stateRoots, options.hash),
    update,
    updateRoot: rootOfUpdate(plan, update, options.hash),
    lossSum,
  };
}

/** The update's encoding for a chunk that began at `adapter` and ended in `state`. */
export function updateOf(plan: TrainingPlan, adapter: Adapter, state: ChunkState): Uint8Array {
  const layout = updateLayoutOf(plan);
  return encodeUpdate(layout, compress(layout, adapter.factors, factorsOf(plan, state)));
}

export function placeOf(plan: TrainingPlan, task: ChunkTask, t: number) {
  return { pool: plan.pool, round: BigInt(task.round), chunk: BigInt(task.chunk), t };
}
