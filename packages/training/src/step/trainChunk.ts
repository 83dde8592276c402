/**
 * Trains a leased chunk: H steps from the adapter's state, each with a root, and the update that they amount to. A state is hashed and
 * handed on while the next steps run, so that a device in a thread of its own never waits for whoever asked.
 */
import { compress, encodeUpdate, type Observer, type Session, type Update } from "@r3mes/engine";
import { type Hash, type Sha256, type StatePlace, stepsRoot } from "@r3mes/protocol";
import type { Adapter } from "../adapter/adapter.ts";
import { type TrainingPlan, updateLayoutOf } from "../pool/trainingPlan.ts";
import {
  type ChunkState,
  factorsOf,
  firstState,
  giveStateBack,
  readState,
  rootOfState,
  writeState,
} from "./chunkState.ts";
import { rootOfDecoded } from "./rootOfUpdate.ts";
import { type ChunkStep, type LeasedChunk, readLoss, writeStep } from "./runStep.ts";

/** What the training of a leased chunk begins with. */
export interface ChunkStart {
  readonly plan: TrainingPlan;
  readonly leased: LeasedChunk;
  readonly adapter: Adapter;
}

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
  /** `onState` keeps no state: the memory of one that it has taken serves for a later one. */
  readonly reusesStates?: boolean;
  /** A step of which the outputs of some operations are shown. */
  readonly shown?: ShownStep;
  /** Called after each step, for whoever shows progress. */
  readonly onStep?: (t: number, loss: bigint) => void;
  /** Called once, when a session with a queue knows of all steps: what it is asked from now on it does behind them. */
  readonly onAllAsked?: () => void;
}

/** Step t, from 1; `only` are the positions of the operations that are shown. */
export interface ShownStep {
  readonly t: number;
  readonly observe: Observer;
  readonly only: ReadonlySet<number>;
}

/** Steps that a device with a queue knows of beyond the one that runs: whoever hashes a state may be late by so many. */
const stepsAhead = 2;

export async function trainChunk(
  session: Session,
  start: ChunkStart,
  options: TrainChunkOptions = {},
): Promise<TrainedChunk> {
  const { plan, leased, adapter } = start;
  const { localSteps } = plan;
  let state = firstState(plan, adapter);
  writeState(session, state);
  const stateRoots: Hash[] = [];
  const settle = async (t: number, settled: ChunkState) => {
    if (t > 0) {
      stateRoots.push(rootOfState(plan, placeOf(plan, leased, t), settled, options.hash));
    }
    await options.onState?.(t, settled);
  };
  const asked: Promise<StepEnd>[] = [];
  const ahead = session.isQueued === true ? stepsAhead : 0;
  let lossSum = 0n;
  for (let t = 1; t <= localSteps; t += 1) {
    for (let next = t + asked.length; next <= Math.min(t + ahead, localSteps); next += 1) {
      const step = trainStep(session, { plan, leased, t: next }, options.shown);
      // It may fail before its turn: whoever takes it hears of it then, and nobody before.
      step.catch(() => undefined);
      asked.push(step);
      if (session.isQueued === true && next === localSteps) options.onAllAsked?.();
    }
    const [end] = await allEnded([asked.shift()!, settle(t - 1, state)], asked);
    lossSum += end.loss;
    if (options.reusesStates === true && t > 1) giveStateBack(session, state);
    state = end.state;
    options.onStep?.(t, end.loss);
  }
  // What takes the last state writes it out meanwhile.
  const [, made] = await allEnded([
    settle(localSteps, state),
    makeUpdate(start, state, options.hash),
  ]);
  if (options.reusesStates === true) giveStateBack(session, state);
  return { stateRoots, stepsRoot: stepsRoot(stateRoots, options.hash), ...made, lossSum };
}

/** The update of a chunk that ended in `state`, with its root. */
export async function makeUpdate(
  { plan, adapter }: Pick<ChunkStart, "plan" | "adapter">,
  state: ChunkState,
  hash: Sha256 | undefined,
): Promise<Pick<TrainedChunk, "update" | "updateRoot">> {
  const compressed = compressedOf(plan, adapter, state);
  return {
    update: encodeUpdate(updateLayoutOf(plan), compressed),
    updateRoot: rootOfDecoded(plan, compressed, hash),
  };
}

interface StepEnd {
  readonly loss: bigint;
  readonly state: ChunkState;
}

/** Asks for all of a step at once where the session has a queue. */
async function trainStep(
  session: Session,
  step: ChunkStep,
  shown: ShownStep | undefined,
): Promise<StepEnd> {
  writeStep(session, step);
  const ran = shown?.t === step.t ? session.run(shown.observe, shown.only) : session.run();
  if (session.isQueued !== true) await ran;
  const [, loss, state] = await allEnded([ran, readLoss(session), readState(session)]);
  return { loss, state };
}

/**
 * Of all, the first that failed is told, once every one of them has ended, and in that case those `behind` them as well: whoever tries
 * again after a failure finds a session at rest.
 */
async function allEnded<T extends readonly unknown[] | []>(
  promises: T,
  behind: readonly Promise<unknown>[] = [],
): Promise<{ -readonly [P in keyof T]: Awaited<T[P]> }> {
  const ends = await Promise.allSettled(promises);
  if (ends.some(({ status }) => status === "rejected")) await Promise.allSettled(behind);
  return Promise.all(promises);
}

/** The update's encoding for a chunk that began at `adapter` and ended in `state`, without its root. */
export function updateOf(plan: TrainingPlan, adapter: Adapter, state: ChunkState): Uint8Array {
  return encodeUpdate(updateLayoutOf(plan), compressedOf(plan, adapter, state));
}

function compressedOf(plan: TrainingPlan, adapter: Adapter, state: ChunkState): Update {
  return compress(updateLayoutOf(plan), adapter.factors, factorsOf(plan, state));
}

/** What the root of the state after step t binds that state to. */
export function placeOf(plan: TrainingPlan, leased: LeasedChunk, t: number): StatePlace {
  return { pool: plan.pool, round: BigInt(leased.round), chunk: BigInt(leased.chunk), t };
}
