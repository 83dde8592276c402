/**
 * Challenges an adopted sum that is not this verifier's own. Whoever attested another sum in time needs not: the chain opens that
 * case by itself. Source: spec/verification.md section 5.
 */
import { chainMessage } from "@r3mes/chain-client";
import { equalBytes, fromHex } from "@r3mes/protocol";
import { CaseKind, MsgChallengeSchema, type Round } from "@r3mes/protocol/messages";
import type { DutyQueue } from "../dutyQueue.ts";
import type { VerifierDeps, VerifierOptions } from "../verifierDeps.ts";
import type { DisputedSumRecord } from "../verifierRecord.ts";
import { hasAttested } from "./attestRound.ts";
import { sumOfRound } from "./sumRound.ts";

/** Looks at the round before the current one, whose sum everything that is trained now rests on. True once it has challenged it. */
export async function disputeSum(
  options: VerifierOptions,
  deps: VerifierDeps,
  queue: Pick<DutyQueue, "beginWith">,
  poolId: bigint,
  height: bigint,
): Promise<boolean> {
  const { pool } = await deps.query.pool({ id: poolId });
  if (pool === undefined || pool.round < 2) return false;
  const { round } = await deps.query.round({ poolId, number: pool.round - 1 });
  if (round === undefined || round.sumEndHeight < height || hasDisputed(deps, round)) return false;
  if (await hasAttested(options, deps, round)) return false;
  const own = sumOfRound(deps, queue, round);
  if (own === undefined) return false;
  const { adapter } = await deps.query.adapter({ id: round.resultAdapterId });
  if (adapter === undefined) return false;
  const isSameRoot = equalBytes(fromHex(own.root), adapter.root);
  if (isSameRoot && equalBytes(fromHex(own.momentumRoot), adapter.momentumRoot)) return false;
  await deps.submit([
    chainMessage(MsgChallengeSchema, {
      challenger: options.operator,
      kind: CaseKind.AGGREGATE,
      poolId,
      round: round.number,
      momentum: isSameRoot,
    }),
  ]);
  await deps.journal.append({
    kind: "sumDisputed",
    pool: String(poolId),
    round: round.number,
  } satisfies DisputedSumRecord);
  return true;
}

function hasDisputed(deps: VerifierDeps, { poolId, number }: Round): boolean {
  return deps.journal.records.some(
    (record) =>
      record.kind === "sumDisputed" && record.pool === String(poolId) && record.round === number,
  );
}
