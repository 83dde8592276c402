/** One step of a chunk in a session: its batch and its constants go in, the state advances, the loss comes out. */
import { type Observer, type Session, stepConstants } from "@r3mes/engine";
import { chunkSeed, noiseSeed, stepSeed } from "@r3mes/protocol";
import { batchOfStep, type Shards } from "../chunk/chunkRecords.ts";
import { learningRateOf, type TrainingPlan } from "../pool/trainingPlan.ts";
import { i32Bytes } from "./i32Bytes.ts";

/** A leased chunk, as the chain's records and the dataset give it. */
export interface ChunkTask {
  /** From 1. */
  readonly round: number;
  /** Which chunk of the dataset. */
  readonly chunk: number;
  /** Seed of the round, 32 bytes. */
  readonly roundSeed: Uint8Array;
  readonly shards: Shards;
}

/** Runs step t (from 1). Returns the sum of the losses of all its tokens, in bits, Q16. */
export async function runStep(
  session: Session,
  plan: TrainingPlan,
  task: ChunkTask,
  t: number,
  observe?: Observer,
): Promise<bigint> {
  const batch = batchOfStep(plan, task.shards, task.chunk, t);
  const seed = stepSeed(chunkSeed(task.roundSeed, BigInt(task.chunk)), t);
  session.write("tokens", i32Bytes(batch));
  session.write(
    "step",
    stepConstants({
      seed: noiseSeed(seed),
      t,
      learningRate: learningRateOf(plan, task.round, t),
      decay: plan.decay,
    }),
  );
  await session.run(observe);
  const total = await session.read("loss.total");
  return new DataView(total.buffer, total.byteOffset, total.length).getBigInt64(0, true);
}
