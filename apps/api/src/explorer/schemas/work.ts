/** Pools, rounds, chunks, submissions, audits. */
import { z } from "zod";
import { event } from "./ledger.ts";
import { credit, offence } from "./participants.ts";
import {
  address,
  amount,
  auditPhase,
  chunkStatus,
  cid,
  hash,
  height,
  loss,
  momentumRoot,
  number,
  poolStatus,
  roundPhase,
  submissionStatus,
  sum64,
  verdict,
} from "./primitives.ts";

export const pool = z
  .object({
    id: number,
    sponsor: address,
    modelId: number,
    datasetId: number,
    program: number.describe("Which of the model's step programs."),
    parentAdapterId: number.describe("0 is the model's fresh adapter."),
    localSteps: number,
    learningRates: z.array(number),
    density: number.describe("Elements of an update that are sent, in thousandths."),
    outerMomentum: number,
    outerLearningRate: number,
    chunksPerRound: number,
    rounds: number,
    trainingBlocks: number,
    leaseBlocks: number,
    submissionsMin: number,
    budget: amount,
    returned: amount,
    emissionWeightPpm: number,
    status: poolStatus,
    round: number.describe("The round that is under way, or was last."),
    adapterId: number.describe("Version that was adopted last; 0 before the first."),
    height,
  })
  .meta({ id: "Pool" });

export const round = z
  .object({
    poolId: number,
    number,
    phase: roundPhase,
    adapterId: number.describe("Version that its chunks start from."),
    openHeight: height,
    endHeight: height.describe("Last height of the phase; 0 if it has none of its own."),
    trainingHeight: height.nullable(),
    revealHeight: height.nullable(),
    auditHeight: height.nullable(),
    aggregationHeight: height.nullable(),
    closeHeight: height.nullable(),
    leases: number,
    expired: number,
    committed: number,
    revealed: number,
    accepted: number,
    resultAdapterId: number.nullable(),
  })
  .meta({ id: "Round" });

export const chunk = z
  .object({
    poolId: number,
    round: number,
    chunk: number.describe("Which chunk of the dataset."),
    status: chunkStatus,
    leaseId: number.describe("The last lease, which is also the number of its submission."),
    miner: address,
    leases: number,
    height: height.describe("Of its last change."),
  })
  .meta({ id: "Chunk" });

export const lease = z
  .object({
    id: number,
    poolId: number,
    round: number,
    chunk: number,
    miner: address,
    status: z.enum(["leased", "expired", "committed"]),
    height,
    endHeight: height,
    closeHeight: height.nullable(),
  })
  .meta({ id: "Lease" });

export const attestation = z
  .object({
    poolId: number,
    round: number,
    verifier: address,
    root: hash,
    momentumRoot: momentumRoot.nullable(),
    cid: cid.nullable(),
    heldOutLoss: loss,
    bond: amount,
    height,
    transaction: hash.nullable(),
  })
  .meta({ id: "Attestation" });

export const submission = z
  .object({
    id: number,
    poolId: number,
    round: number,
    chunk: number,
    miner: address,
    status: submissionStatus,
    commitment: hash,
    stepsRoot: hash.nullable(),
    updateRoot: hash.nullable(),
    updateCid: cid.nullable(),
    lossSum: sum64.nullable().describe("Sum of the training losses, in 1/65536 bit."),
    late: z.boolean().nullable(),
    draws: number,
    paid: amount,
    summed: z.boolean().describe("It is in the sum of its round, whatever becomes of it later."),
    leftOut: z
      .boolean()
      .describe(
        "The sum that was adopted, or led when the round was carried over, is made without it.",
      ),
    adapterId: number.nullable(),
    commitHeight: height,
    revealHeight: height.nullable(),
    settleHeight: height.nullable(),
    matureHeight: height.nullable(),
    commitTransaction: hash.nullable(),
    revealTransaction: hash.nullable(),
  })
  .meta({ id: "Submission" });

export const seat = z
  .object({
    submissionId: number,
    draw: number,
    place: number,
    verifier: address,
    commitment: hash.nullable(),
    verdict: verdict.nullable(),
    root: hash.nullable(),
    digest: hash.nullable(),
    commitHeight: height.nullable(),
    revealHeight: height.nullable(),
    commitTransaction: hash.nullable(),
    revealTransaction: hash.nullable(),
  })
  .meta({ id: "Seat" });

export const audit = z
  .object({
    submissionId: number,
    draw: number,
    poolId: number,
    round: number,
    miner: address,
    step: number,
    fullReplay: z.boolean(),
    phase: auditPhase,
    endHeight: height,
    drawHeight: height,
    openHeight: height.nullable(),
    settleHeight: height.nullable(),
    rootBefore: hash.nullable(),
    rootAfter: hash.nullable(),
    rootFinal: hash.nullable(),
    stateBeforeCid: cid.nullable(),
    stateFinalCid: cid.nullable(),
    openTransaction: hash.nullable(),
    seats: z.array(seat),
  })
  .meta({ id: "Audit" });

export const submissionDetail = submission
  .extend({
    lease,
    audits: z.array(audit),
    credits: z.array(credit),
    offences: z.array(offence),
    caseIds: z.array(number),
    history: z.array(event).describe("Everything that happened to it, oldest first."),
  })
  .meta({ id: "SubmissionDetail" });

export const chunkDetail = chunk
  .extend({
    leaseItems: z.array(lease),
    submissions: z.array(submission),
    history: z.array(event).describe("Everything that happened to it, oldest first."),
  })
  .meta({ id: "ChunkDetail" });

export const poolDetail = pool.extend({ roundItems: z.array(round) }).meta({ id: "PoolDetail" });

export const roundDetail = round
  .extend({
    chunksByStatus: z.record(z.string(), number),
    attestations: z.array(attestation),
    adopted: z
      .object({ root: hash, momentumRoot: momentumRoot.nullable() })
      .nullable()
      .describe("The sum that made the round's version; null while there is none."),
    leftOut: z.array(number).describe("Submissions that its sum is made without."),
    pool,
  })
  .meta({ id: "RoundDetail" });
