/** The sum of a round as this verifier computes it: once, in its queue, and journaled before anybody hears of it. Source: spec/aggregation.md. */
import { type DutyQueue, openSummedRound } from "@r3mes/participant";
import { LIMITS, toHex } from "@r3mes/protocol";
import type { Round, Submission } from "@r3mes/protocol/messages";
import {
  aggregateRound,
  encodeAdapter,
  heldOutLoss,
  rootOfAdapter,
  rootOfMomenta,
  type Shards,
  type SummedRound,
} from "@r3mes/training";
import type { VerifierDeps, VerifierPool } from "../verifierDeps.ts";
import type { SumRecord } from "../verifierRecord.ts";
import type { UpdateTrainer } from "./createUpdateTrainer.ts";

export interface SumWork {
  readonly queue: Pick<DutyQueue, "beginWith">;
  /** Makes an update that nobody offers. */
  readonly trainUpdate: UpdateTrainer;
}

/** Undefined while it is not computed; then it is begun. */
export function sumOfRound(
  deps: VerifierDeps,
  { queue, trainUpdate }: SumWork,
  round: Round,
): SumRecord | undefined {
  const { poolId, number, attestEndHeight, sumEndHeight } = round;
  const found = deps.journal.records.findLast(
    (record): record is SumRecord =>
      record.kind === "sum" && record.pool === String(poolId) && record.round === number,
  );
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

interface GatheredRound {
  readonly pool: VerifierPool;
  readonly summed: SummedRound;
  readonly shards: Shards;
}

async function gatherRound(
  deps: VerifierDeps & { readonly trainUpdate: (submission: Submission) => Promise<Uint8Array> },
  round: Round,
): Promise<GatheredRound> {
  const pool = await deps.openPool(round.poolId);
  const { opened } = pool;
  const shardCount = Math.ceil(opened.tokens["held-out"] / LIMITS.shardTokensMax);
  return {
    pool,
    summed: await openSummedRound(deps, opened, round),
    shards: await opened.shards("held-out", [...Array(shardCount).keys()]),
  };
}

async function sumRound(
  deps: VerifierDeps,
  round: Round,
  { pool: { opened, evaluation }, summed, shards }: GatheredRound,
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
  };
  await deps.journal.append(record);
  deps.log.info({ pool: record.pool, round: record.round, loss: record.loss }, "round summed");
}
