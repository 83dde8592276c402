/** One step of a chunk in a session: its batch and its constants go in, the state advances, the loss comes out. */
import { type Observer, type Session, stepConstants } from "@r3mes/engine";
import { chunkSeed, noiseSeed, stepSeed } from "@r3mes/protocol";
import { batchOfStep, type Shards } from "../chunk/chunkRecords.ts";
import { learningRateOf, type TrainingPlan } from "../pool/trainingPlan.ts";
import { i32Bytes } from "./i32Bytes.ts";

/** A leased chunk, as the chain's records and the dataset give it. */
export interface LeasedChunk {
  /** From 1. */
  readonly round: number;
  /** Which chunk of the dataset. */
  readonly chunk: number;
  /** Seed of the round, 32 bytes. */
  readonly roundSeed: Uint8Array;
  readonly shards: Shards;
}

/** Step t, from 1, of a leased chunk. */
export interface ChunkStep {
  readonly plan: TrainingPlan;
  readonly leased: LeasedChunk;
  readonly t: number;
}

/** Storage bytes of the batch of step t (from 1). */
export function batchBytes(plan: TrainingPlan, leased: LeasedChunk, t: number): Uint8Array {
  return i32Bytes(batchOfStep(plan, leased.shards, leased.chunk, t));
}

/** Storage bytes of the constants of step t: what the chain decides, and no party. */
export function constantsOfStep(
  plan: Pick<TrainingPlan, "localSteps" | "learningRates" | "decay">,
  leased: Pick<LeasedChunk, "round" | "chunk" | "roundSeed">,
  t: number,
): Uint8Array {
  const seed = stepSeed(chunkSeed(leased.roundSeed, BigInt(leased.chunk)), t);
  return stepConstants({
    seed: noiseSeed(seed),
    t,
    learningRate: learningRateOf(plan, leased.round, t),
    decay: plan.decay,
  });
}

/** Runs a step, observed as `Session.run` is. Returns the sum of the losses of all its tokens, in bits, Q16. */
export async function runStep(
  session: Session,
  step: ChunkStep,
  observe?: Observer,
  only?: ReadonlySet<number>,
): Promise<bigint> {
  writeStep(session, step);
  await session.run(observe, only);
  return readLoss(session);
}

/** What of a step a session must be given before it runs: its batch and its constants. */
export function writeStep(session: Pick<Session, "write">, { plan, leased, t }: ChunkStep): void {
  session.write("tokens", batchBytes(plan, leased, t));
  session.write("step", constantsOfStep(plan, leased, t));
}

/** Of the step that was run last: the sum of the losses of all its tokens, in bits, Q16. */
export async function readLoss(session: Pick<Session, "read">): Promise<bigint> {
  const total = await session.read("loss.total");
  return new DataView(total.buffer, total.byteOffset, total.length).getBigInt64(0, true);
}
