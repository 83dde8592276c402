/**
 * The sum of a round as this verifier computes it: in its queue, once for each list of work that it is made of, and journaled before anybody
 * hears of it. Source: spec/aggregation.md.
 */
import {
  type DutyQueue,
  isOutdated,
  openSummedRound,
  openSumToAttest,
  type SumToAttest,
} from "@r3mes/participant";
import { LIMITS, toHex } from "@r3mes/protocol";
import { type Round, RoundPhase, type Submission } from "@r3mes/protocol/messages";
import {
  aggregateRound,
  encodeAdapter,
  heldOutLoss,
  rootOfAdapter,
  rootOfMomenta,
  type Shards,
} from "@r3mes/training";
import type { VerifierDeps, VerifierPool } from "../verifierDeps.ts";
import type { SumRecord, VerifierRecord } from "../verifierRecord.ts";
import type { UpdateTrainer } from "./createUpdateTrainer.ts";

export interface SumWork {
  readonly queue: Pick<DutyQueue, "beginWith">;
  /** Makes an update that nobody offers. */
  readonly trainUpdate: UpdateTrainer;
}

/** Undefined while it is not computed; then it is begun. What a round is the sum of is decided once it is adopted. */
export async function sumOfRound(
  deps: VerifierDeps,
  { queue, trainUpdate }: SumWork,
  round: Round,
): Promise<SumRecord | undefined> {
  const { poolId, number, attestEndHeight, sumEndHeight } = round;
  const found = await usableSum(deps, round);
  if (found === undefined) {
    // A round that is summed already is looked at for as long as its sum may be challenged.
    const endHeight = sumEndHeight > 0n ? sumEndHeight : attestEndHeight;
    const trainOne = (submission: Submission) => trainUpdate(submission, endHeight);
    queue.beginWith(
      { name: `sum of round ${number} of pool ${poolId}`, endHeight },
      () => gatherRound({ ...deps, trainUpdate: trainOne }, round),
      (gathered) => sumRound(deps, round, gathered),
    );
  }
  return found;
}

/** Of the sums that were computed the newest that is of the work which this round is the sum of, or may be. */
async function usableSum(deps: VerifierDeps, round: Round): Promise<SumRecord | undefined> {
  const { poolId, number, phase } = round;
  const isOfRound = (record: VerifierRecord): record is SumRecord =>
    record.kind === "sum" && record.pool === String(poolId) && record.round === number;
  if (phase !== RoundPhase.AGGREGATION) {
    return deps.journal.records.findLast(
      (record): record is SumRecord =>
        isOfRound(record) && isSameList(leftOutOf(record), round.leftOut),
    );
  }
  const newest = deps.journal.records.findLast(isOfRound);
  if (newest === undefined) return undefined;
  const made = { leftOut: leftOutOf(newest), window: newest.window ?? 0 };
  return (await isOutdated(deps, round, made)) ? undefined : newest;
}

/** The submissions that a sum is made without. */
export function leftOutOf({ leftOut = [] }: SumRecord): bigint[] {
  return leftOut.map(BigInt);
}

export function isSameList(one: readonly bigint[], other: readonly bigint[]): boolean {
  return one.length === other.length && one.every((id, i) => id === other[i]);
}

interface GatheredRound extends SumToAttest {
  readonly pool: VerifierPool;
  readonly shards: Shards;
}

async function gatherRound(
  deps: VerifierDeps & { readonly trainUpdate: (submission: Submission) => Promise<Uint8Array> },
  round: Round,
): Promise<GatheredRound> {
  const pool = await deps.openPool(round.poolId);
  const { opened } = pool;
  const shardCount = Math.ceil(opened.tokens["held-out"] / LIMITS.shardTokensMax);
  const isAttested = round.phase === RoundPhase.AGGREGATION;
  return {
    pool,
    ...(isAttested
      ? await openSumToAttest(deps, opened, round)
      : { summed: await openSummedRound(deps, opened, round), leftOut: round.leftOut }),
    shards: await opened.shards("held-out", [...Array(shardCount).keys()]),
  };
}

async function sumRound(
  deps: VerifierDeps,
  round: Round,
  { pool: { opened, evaluation }, summed, leftOut, shards }: GatheredRound,
): Promise<void> {
  const { plan, tokens } = opened;
  const next = aggregateRound(plan, summed.before, summed.updates);
  const loss = await heldOutLoss(await evaluation(), plan, next, tokens["held-out"], shards);
  const record: SumRecord = {
    kind: "sum",
    pool: String(round.poolId),
    round: round.number,
    root: toHex(rootOfAdapter(plan, next, deps.hash)),
    momentumRoot: toHex(rootOfMomenta(plan, next, deps.hash)),
    cid: await deps.store.put(encodeAdapter(next)),
    loss: String(loss),
    leftOut: leftOut.map(String),
    window: round.attestWindows,
  };
  await deps.journal.append(record);
  const { pool, round: number } = record;
  deps.log.info(
    { pool, round: number, loss: record.loss, leftOut: record.leftOut },
    "round summed",
  );
}
