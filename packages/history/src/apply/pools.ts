/** Pools and their rounds, up to the sum that ends one. */
import { chain } from "@r3mes/database";
import { toHex } from "@r3mes/protocol";
import {
  EventAttestedSchema,
  EventPoolOpenedSchema,
  EventPoolStatusChangedSchema,
  EventPoolWeightChangedSchema,
  EventRoundPhaseChangedSchema,
  MsgAttestSchema,
  type Pool,
  PoolStatusSchema,
  RoundPhaseSchema,
} from "@r3mes/protocol/messages";
import { cidText, enumWord, hashText } from "../decode/plainMessage.ts";
import { leaveOut } from "./leaveOut.ts";
import { causeOf, change, need, on, type Place } from "./place.ts";

type Round = typeof chain.rounds.$inferSelect;

export const poolHandlers = [
  on(EventPoolOpenedSchema, async ({ poolId }, { rows, records }) => {
    rows.put(chain.pools, poolRow(await records.pool(poolId)));
  }),
  on(EventPoolStatusChangedSchema, async ({ poolId, status, returned }, place) => {
    await change(place, chain.pools, { id: Number(poolId) }, (pool) => ({
      status: enumWord(PoolStatusSchema, status),
      returned: pool.returned + returned,
    }));
  }),
  on(EventPoolWeightChangedSchema, async ({ poolId, emissionWeightPpm }, place) => {
    await change(place, chain.pools, { id: Number(poolId) }, () => ({ emissionWeightPpm }));
  }),
  on(EventRoundPhaseChangedSchema, async (event, place) => {
    const { poolId, round: number, phase, endHeight, adapterId } = event;
    const key = { poolId: Number(poolId), number };
    const round =
      (await place.rows.get(chain.rounds, key)) ?? (await openRound(key, Number(adapterId), place));
    const word = enumWord(RoundPhaseSchema, phase);
    if (word === "aggregation" && round.aggregationHeight === null) await fixSum(key, place);
    await leaveOut(place, event.leftOut);
    if (round.adapterId !== Number(adapterId)) {
      await change(place, chain.pools, { id: key.poolId }, () => ({
        adapterId: Number(adapterId),
      }));
    }
    place.rows.put(chain.rounds, {
      ...round,
      adapterId: Number(adapterId), // while it waited the version was recalled that it would have started from
      phase: word,
      endHeight: Number(endHeight),
      ...phaseHeight(round, word, place.height),
    });
  }),
  on(EventAttestedSchema, async (event, place) => {
    const cid = causeOf(MsgAttestSchema, place)?.cid;
    place.rows.put(chain.attestations, {
      poolId: Number(event.poolId),
      round: event.round,
      verifier: event.verifier,
      root: toHex(event.root),
      momentumRoot: hashText(event.momentumRoot),
      cid: cid === undefined ? null : cidText(cid),
      heldOutLoss: event.heldOutLoss,
      bond: event.bond,
      height: place.height,
      transaction: place.transaction,
    });
  }),
];

/** The pool as it was opened, whatever has become of it since. */
export function poolRow(pool: Pool) {
  const { hyperparameters } = pool;
  return {
    id: Number(pool.id),
    sponsor: pool.sponsor,
    modelId: Number(pool.modelId),
    datasetId: Number(pool.datasetId),
    program: pool.program,
    parentAdapterId: Number(pool.parentAdapterId),
    localSteps: hyperparameters?.localSteps ?? 0,
    learningRates: hyperparameters?.learningRates ?? [],
    density: hyperparameters?.density ?? 0,
    outerMomentum: hyperparameters?.outerMomentum ?? 0,
    outerLearningRate: hyperparameters?.outerLearningRate ?? 0,
    chunksPerRound: pool.chunksPerRound,
    rounds: pool.rounds,
    trainingBlocks: pool.trainingBlocks,
    leaseBlocks: pool.leaseBlocks,
    submissionsMin: pool.submissionsMin,
    budget: pool.budget,
    returned: 0n,
    emissionWeightPpm: 0,
    status: "open",
    round: 0,
    adapterId: Number(pool.parentAdapterId),
    height: Number(pool.height),
  };
}

/** A round starts from the last version of its pool that was not recalled, so the pool is at this one again. */
async function openRound(
  key: Pick<Round, "poolId" | "number">,
  adapterId: number,
  place: Place,
): Promise<Round> {
  const pool = await need(place, chain.pools, { id: key.poolId });
  place.rows.put(chain.pools, { ...pool, round: key.number, adapterId });
  return {
    ...key,
    phase: "waiting",
    adapterId,
    openHeight: place.height,
    endHeight: 0,
    trainingHeight: null,
    revealHeight: null,
    auditHeight: null,
    aggregationHeight: null,
    closeHeight: null,
    leases: 0,
    expired: 0,
    committed: 0,
    revealed: 0,
    accepted: 0,
    resultAdapterId: null,
  };
}

/** What an audit has accepted when the aggregation of a round begins, challenged or mature by then, is what its sum is of. */
async function fixSum({ poolId, number }: Pick<Round, "poolId" | "number">, { rows }: Place) {
  for (const submission of await rows.list(chain.submissions, { poolId, round: number })) {
    const { status, settleHeight } = submission;
    const challenged = status === "disputed" && settleHeight !== null;
    if (status === "accepted" || status === "mature" || challenged) {
      rows.put(chain.submissions, { ...submission, summed: true });
    }
  }
}

/** When a phase was entered for the first time; a phase that is lengthened is announced again. */
function phaseHeight(round: Round, phase: string, height: number): Partial<Round> {
  switch (phase) {
    case "training":
      return { trainingHeight: round.trainingHeight ?? height };
    case "reveal":
      return { revealHeight: round.revealHeight ?? height };
    case "audit":
      return { auditHeight: round.auditHeight ?? height };
    case "aggregation":
      return { aggregationHeight: round.aggregationHeight ?? height };
    case "complete":
    case "carried_over":
      return { closeHeight: height };
    default:
      return {};
  }
}
