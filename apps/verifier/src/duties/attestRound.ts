/** Sums the accepted updates of a round, evaluates and publishes the new adapter, and attests it. Source: spec/aggregation.md. */
import { allPages, chainMessage, queryAdapterCid } from "@r3mes/chain-client";
import { equalBytes, fromHex, LIMITS, R3mesError, toHex } from "@r3mes/protocol";
import { MsgAttestSchema, type Round, RoundPhase, type Submission } from "@r3mes/protocol/messages";
import { contentIdFromBytes, contentIdToBytes, parseContentId } from "@r3mes/storage";
import {
  type Adapter,
  aggregateRound,
  encodeAdapter,
  heldOutLoss,
  rootOfAdapter,
  rootOfUpdate,
  type Shards,
  type TrainingPlan,
} from "@r3mes/training";

import type { DutyQueue } from "../dutyQueue.ts";
import type { VerifierDeps, VerifierOptions, VerifierPool } from "../verifierDeps.ts";
import type { SumRecord } from "../verifierRecord.ts";

/** Attests the pool's current round when it is time, once; its sum is computed in the queue and journaled before. */
export async function attestRound(
  options: VerifierOptions,
  deps: VerifierDeps,
  queue: Pick<DutyQueue, "beginWith">,
  poolId: bigint,
): Promise<boolean> {
  const { round } = await deps.query.pool({ id: poolId });
  if (round?.phase !== RoundPhase.AGGREGATION) return false;
  if (await hasAttested(options, deps, round)) return false;
  const sum = findSum(deps, round);
  if (sum === undefined) {
    queue.beginWith(
      `sum of round ${round.number} of pool ${poolId}`,
      () => gatherRound(deps, round),
      (gathered) => sumRound(deps, round, gathered),
    );
    return false;
  }
  await deps.submit([
    chainMessage(MsgAttestSchema, {
      operator: options.operator,
      poolId,
      round: round.number,
      root: fromHex(sum.root),
      cid: contentIdToBytes(parseContentId(sum.cid)),
      heldOutLoss: BigInt(sum.loss),
    }),
  ]);
  return true;
}

async function hasAttested(
  options: VerifierOptions,
  deps: VerifierDeps,
  round: Round,
): Promise<boolean> {
  const { poolId, number } = round;
  const attestations = await allPages(
    (pagination) => deps.query.attestations({ poolId, round: number, pagination }),
    (page) => page.attestations,
  );
  return attestations.some(({ verifier }) => verifier === options.owner);
}

function findSum(deps: VerifierDeps, round: Round): SumRecord | undefined {
  return deps.journal.records.find(
    (record): record is SumRecord =>
      record.kind === "sum" &&
      record.pool === String(round.poolId) &&
      record.round === round.number,
  );
}

interface GatheredRound {
  readonly pool: VerifierPool;
  readonly adapter: Adapter;
  readonly updates: readonly Uint8Array[];
  readonly shards: Shards;
}

async function gatherRound(deps: VerifierDeps, round: Round): Promise<GatheredRound> {
  const pool = await deps.openPool(round.poolId);
  const { opened } = pool;
  const cid = await queryAdapterCid(deps.query, round.poolId, round.adapterId);
  const submissions = await summedSubmissions(deps, round);
  const shardCount = Math.ceil(opened.tokens["held-out"] / LIMITS.shardTokensMax);
  return {
    pool,
    adapter: await opened.adapter(cid),
    updates: await Promise.all(submissions.map((one) => updateOf(deps, opened.plan, one))),
    shards: await opened.shards("held-out", [...Array(shardCount).keys()]),
  };
}

async function updateOf(
  deps: VerifierDeps,
  plan: TrainingPlan,
  { updateCid, updateRoot }: Submission,
): Promise<Uint8Array> {
  const update = await deps.fetch(updateCid, LIMITS.updateBytesMax);
  if (equalBytes(rootOfUpdate(plan, update, deps.hash), updateRoot)) return update;
  throw new R3mesError({ code: "CONTENT_CORRUPT", cid: contentIdFromBytes(updateCid) });
}

async function sumRound(
  deps: VerifierDeps,
  round: Round,
  { pool: { opened, evaluation }, adapter, updates, shards }: GatheredRound,
): Promise<SumRecord> {
  const { plan, tokens } = opened;
  const next = aggregateRound(plan, adapter, updates);
  const loss = await heldOutLoss(await evaluation(), plan, next, tokens["held-out"], shards);
  const record: SumRecord = {
    kind: "sum",
    pool: String(round.poolId),
    round: round.number,
    root: toHex(rootOfAdapter(plan, next, deps.hash)),
    cid: await deps.store.put(encodeAdapter(next)),
    loss: String(loss),
  };
  await deps.journal.append(record);
  deps.log.info({ pool: record.pool, round: record.round, loss: record.loss }, "round summed");
  return record;
}

/** The submissions that the sum is of, over all pages: the chain fixed them when aggregation began. */
async function summedSubmissions(deps: VerifierDeps, round: Round): Promise<Submission[]> {
  const submissions = await allPages(
    (pagination) =>
      deps.query.submissions({ poolId: round.poolId, round: round.number, pagination }),
    (page) => page.submissions,
  );
  const summed = submissions.filter((submission) => submission.summed);
  if (summed.length === 0) throw new R3mesError({ code: "ROUND_NOT_FOUND", round: round.number });
  return summed;
}
