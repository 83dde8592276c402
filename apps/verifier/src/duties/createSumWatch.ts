/**
 * Challenges an adopted sum that is not this verifier's own. Whoever attested another sum of the same work in time needs not: the chain opens that
 * case by itself. Source: spec/verification.md section 5.
 */
import { differenceOfSums, sumChallengeMessage } from "@r3mes/participant";
import { fromHex } from "@r3mes/protocol";
import { type AdapterVersion, type Pool, PoolStatus, type Round } from "@r3mes/protocol/messages";
import type { VerifierDeps, VerifierOptions } from "../verifierDeps.ts";
import type { DisputedSumRecord, SumRecord } from "../verifierRecord.ts";
import { ownAttestation } from "./attestRound.ts";
import { isSameList, type SumWork, sumOfRound } from "./sumRound.ts";

/** Looks at the newest sum of a pool, which everything that is trained now rests on. */
export function createSumWatch(options: VerifierOptions, deps: VerifierDeps, work: SumWork) {
  /** Of each pool the last round about whose sum there is nothing left to say. */
  const seen = new Map<bigint, number>();

  /** True once it has challenged the sum. */
  return async (poolId: bigint, height: bigint): Promise<boolean> => {
    const { pool } = await deps.query.pool({ id: poolId });
    if (pool === undefined) return false;
    const number = (await isLastSummed(pool)) ? pool.round : pool.round - 1;
    if (number < 1 || seen.get(poolId) === number) return false;
    const { round } = await deps.query.round({ poolId, number });
    if (round === undefined) return false;
    if (round.sumEndHeight < height || (await isSettled(round))) {
      seen.set(poolId, number);
      return false;
    }
    const own = await sumOfRound(deps, work, round);
    if (own === undefined) return false;
    const { adapter } = await deps.query.adapter({ id: round.resultAdapterId });
    const isChallenged = adapter !== undefined && (await challengeOther(round, own, adapter));
    seen.set(poolId, number);
    return isChallenged;
  };

  /** No round follows the last one of a pool, whose sum is the version that stays. */
  async function isLastSummed({ id: poolId, round: number, status }: Pool): Promise<boolean> {
    if (status === PoolStatus.OPEN) return false;
    if (seen.get(poolId) === number) return true;
    const { round } = await deps.query.round({ poolId, number });
    return round !== undefined && round.sumEndHeight > 0n;
  }

  /** Whoever attested a sum of other work has said nothing about this one. */
  async function isSettled(round: Round): Promise<boolean> {
    if (hasDisputed(deps, round)) return true;
    const said = await ownAttestation(options, deps, round);
    return said !== undefined && isSameList(said.leftOut, round.leftOut);
  }

  async function challengeOther(round: Round, own: SumRecord, adopted: AdapterVersion) {
    const roots = { root: fromHex(own.root), momentumRoot: fromHex(own.momentumRoot) };
    const difference = differenceOfSums(roots, adopted);
    if (difference === null) return false;
    const { poolId, number } = round;
    await deps.submit([sumChallengeMessage(options.operator, round, difference)]);
    const record: DisputedSumRecord = { kind: "sumDisputed", pool: String(poolId), round: number };
    await deps.journal.append(record);
    return true;
  }
}

function hasDisputed(deps: VerifierDeps, { poolId, number }: Round): boolean {
  const found = deps.journal.records.findLast(
    (record) =>
      record.kind === "sumDisputed" && record.pool === String(poolId) && record.round === number,
  );
  return found !== undefined;
}
