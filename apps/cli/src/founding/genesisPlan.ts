/** What the localnet begins with: the settings of its pools, sized so that three miners on two cores end a round within 40 s. */
import { LINEARS } from "@r3mes/models";
import { Optimizer } from "@r3mes/protocol/messages";

/** One step is 256 tokens; a chunk of 8 steps takes one slow core about three seconds. */
export const programPlan = {
  sequences: 2,
  length: 128,
  rank: 8,
  alpha: 16,
  targets: LINEARS,
  optimizer: "adam",
  registeredOptimizer: Optimizer.ADAM,
} as const;

const remes = 1_000_000n;

export const poolPlan = {
  hyperparameters: {
    localSteps: 8,
    learningRates: [40_000],
    density: 90,
    outerMomentum: 128,
    outerLearningRate: 384,
  },
  chunksPerRound: 3,
  rounds: 1_000,
  /** Several times what a round needs, which ends when all are in: a miner that was killed has time to come back. */
  trainingBlocks: 150,
  leaseBlocks: 100,
  submissionsMin: 1,
  /** 10 REMES for each chunk. */
  budget: 30_000n * remes,
} as const;

/** What an account is given, once: bonds for its role and fees for years. */
export const firstFunds = 20_000n * remes;

/** Datasets that may have a pool each, in the order of their numbers. Three pools at once keep four cores busy. */
export const datasetNames = ["moby-dick", "factbook", "modern-speeches"] as const;
