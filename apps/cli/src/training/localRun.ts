/**
 * A training run on this machine, without a chain: one party that trains one endless chunk. Everything that decides a byte of it is in
 * its settings; two runs with equal settings have equal roots at every step.
 */
import { linearRate, type Session, stepConstants } from "@r3mes/engine";
import { nodeSha256 } from "@r3mes/engine/node";
import {
  type AdapterShape,
  type BitnetShape,
  buildTrainingProgram,
  initialFactors,
  LINEARS,
} from "@r3mes/models";
import { chunkSeed, type Hash, noiseSeed, roundSeed, stepSeed } from "@r3mes/protocol";
import {
  type Adapter,
  type ChunkState,
  factorsOf,
  firstState,
  freshAdapter,
  rootOfState,
  type TrainingPlan,
} from "@r3mes/training";
import { batchBytes, batchesOf, type Part, type Shards } from "../datasets/batches.ts";

export type RunSettings = {
  /** Hex of the model's backbone root. */
  readonly model: string;
  /** Hex of the dataset's root. */
  readonly dataset: string;
  readonly steps: number;
  readonly rank: number;
  readonly alpha: number;
  readonly optimizer: "adam" | "lion";
  /** Peak learning rate in units of 2^-24. */
  readonly rate: number;
  readonly warmUp: number;
  readonly sequences: number;
  readonly length: number;
  readonly seed: number;
};

export type LocalRun = {
  readonly settings: RunSettings;
  readonly shape: BitnetShape;
  readonly adapterShape: AdapterShape;
  readonly plan: TrainingPlan;
  /** Whole batches of the training part. */
  readonly batches: number;
  readonly firstAdapter: Adapter;
  readonly chunkSeed: Hash;
};

const round = 1;
const chunk = 0;

/**
 * @param part what is trained on
 * @throws DATASET_TOO_SMALL if they do not fill a batch, MODEL_MANIFEST_INVALID if the model cannot hold the sequence
 */
export function createLocalRun(settings: RunSettings, shape: BitnetShape, part: Part): LocalRun {
  const { sequences, length, rank, alpha, optimizer } = settings;
  const adapterShape = { rank, alpha, targets: LINEARS };
  const program = buildTrainingProgram(shape, {
    sequences,
    length,
    adapter: adapterShape,
    optimizer,
  });
  const plan: TrainingPlan = {
    pool: 0n,
    program,
    localSteps: settings.steps,
    sequences,
    length,
    learningRates: [settings.rate],
    decay: 0,
    density: 1000,
    outer: { momentum: 0, learningRate: 1 },
  };
  const batches = batchesOf(part, { sequences, length });
  const seed = seedOf(settings.seed);
  return {
    settings,
    shape,
    adapterShape,
    plan,
    batches,
    firstAdapter: freshAdapter(plan, initialFactors(program, noiseSeed(seed))),
    chunkSeed: chunkSeed(seed, BigInt(chunk)),
  };
}

/** The seed of a round that has no beacon: the number of the command line stands in for it. */
function seedOf(seed: number): Hash {
  const beacon = new Uint8Array(32);
  new DataView(beacon.buffer).setBigUint64(0, BigInt(seed), true);
  return roundSeed({ chain: "local", beacon, pool: 0n, round: BigInt(round) });
}

/**
 * Runs step t (from 1) on the next batch of consecutive records, from the first again after the last.
 *
 * @returns the sum of the losses of its tokens, in bits, Q16
 */
export async function runLocalStep(
  session: Session,
  run: LocalRun,
  shards: Shards,
  t: number,
): Promise<bigint> {
  const { plan, settings } = run;
  const { rate: peak, steps, warmUp } = settings;
  session.write("tokens", batchBytes(shards, plan, (t - 1) % run.batches));
  session.write(
    "step",
    stepConstants({
      seed: noiseSeed(stepSeed(run.chunkSeed, t)),
      t,
      learningRate: linearRate({ peak, steps, warmUp }, t),
      decay: 0,
    }),
  );
  await session.run();
  const total = await session.read("loss.total");
  return new DataView(total.buffer, total.byteOffset, total.length).getBigInt64(0, true);
}

/** The state before step 1. */
export function stateAtStart(run: LocalRun): ChunkState {
  return firstState(run.plan, run.firstAdapter);
}

/** The root of the state after step t. */
export function rootOfRun(run: LocalRun, t: number, state: ChunkState): Hash {
  const place = { pool: run.plan.pool, round: BigInt(round), chunk: BigInt(chunk), t };
  return rootOfState(run.plan, place, state, nodeSha256);
}

/** The adapter that a state amounts to. Nothing was aggregated, so its momenta are those it began with: zero. */
export function adapterOfState(run: LocalRun, state: ChunkState): Adapter {
  return { factors: factorsOf(run.plan, state), momenta: run.firstAdapter.momenta };
}
