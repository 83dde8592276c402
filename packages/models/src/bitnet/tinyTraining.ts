/**
 * A whole training run from one seed: program, weights, first factors, batches and constants of every step. Conformance
 * runs, self-tests and tests train it on any backend; equal settings give equal roots everywhere.
 */
import {
  linearRate,
  type Program,
  packBlock,
  type Session,
  stepConstants,
  type WeightSource,
} from "@r3mes/engine";
import { noise } from "@r3mes/protocol";
import { type AdapterShape, type BitnetShape, LINEARS } from "./bitnetShape.ts";
import { buildTrainingProgram } from "./buildBitnet.ts";
import type { OptimizerName } from "./factor.ts";
import { initialFactors } from "./initialFactors.ts";
import { tinyWeights } from "./tinyWeights.ts";

/** Small enough for the reference, yet with grouped heads, two layers and more than one tile in every direction. */
export const TINY_SHAPE: BitnetShape = {
  hidden: 64,
  layers: 2,
  heads: 4,
  kvHeads: 2,
  headSize: 16,
  ffn: 96,
  vocabulary: 64,
  context: 64,
};

export const TINY_ADAPTER: AdapterShape = { rank: 4, alpha: 8, targets: LINEARS };

export interface TinyTrainingOptions {
  readonly seed: number;
  readonly steps: number;
  readonly optimizer?: OptimizerName;
  readonly shape?: BitnetShape;
  readonly adapter?: AdapterShape;
  readonly sequences?: number;
  readonly length?: number;
}

export interface TinyTraining {
  readonly program: Program;
  readonly weights: WeightSource;
  /** Writes the first factors and an empty optimizer into a session. */
  begin(session: Session): void;
  /** Writes the batch and the constants of step t, from 1. */
  prepareStep(session: Session, t: number): void;
}

/** Peak learning rates in units of 2^-24: 0.012 and 0.002. */
const PEAK: Readonly<Record<OptimizerName, number>> = { adam: 201327, lion: 33554 };

/** Site of noise for batches of random tokens. */
const BATCH_SITE = 6;

export function tinyTraining(options: TinyTrainingOptions): TinyTraining {
  const { seed, steps, optimizer = "adam", shape = TINY_SHAPE, adapter = TINY_ADAPTER } = options;
  const { sequences = 2, length = 16 } = options;
  const program = buildTrainingProgram(shape, { sequences, length, adapter, optimizer });
  const schedule = { peak: PEAK[optimizer], steps, warmUp: Math.floor(steps / 10) };
  return {
    program,
    weights: tinyWeights(program, seed),
    begin(session) {
      for (const [name, bytes] of initialFactors(program, { low: seed, high: 0 }))
        session.write(name, bytes);
    },
    prepareStep(session, t) {
      const token = (row: number, column: number) =>
        noise(seed, t, BATCH_SITE, row, column) % shape.vocabulary;
      session.write("tokens", packBlock("i32", sequences, length + 1, token));
      session.write(
        "step",
        stepConstants({
          seed: { low: seed, high: t },
          t,
          learningRate: linearRate(schedule, t),
          decay: 0,
        }),
      );
    },
  };
}
