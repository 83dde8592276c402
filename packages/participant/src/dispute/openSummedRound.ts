/** What the sum of a round is made of: the version before, and the updates that the chain fixed when aggregation began. */
import type { Client } from "@connectrpc/connect";
import { listAll, queryAdapterCid } from "@r3mes/chain-client";
import { equalBytes, LIMITS, R3mesError, type Sha256 } from "@r3mes/protocol";
import { type Query, type Round, RoundPhase, type Submission } from "@r3mes/protocol/messages";
import { type ContentId, contentIdFromBytes } from "@r3mes/storage";
import {
  type OpenedPool,
  rootOfUpdate,
  type SummedRound,
  type TrainingPlan,
} from "@r3mes/training";
import { createOpenRounds } from "./createOpenRounds.ts";

export interface SummedRoundDeps {
  readonly query: Client<typeof Query>;
  /** Content that somebody else published. */
  readonly fetch: (cid: Uint8Array, bytesMax: number) => Promise<Uint8Array>;
  readonly hash?: Sha256;
  /**
   * Makes an update that cannot be had, by training its chunk again; asked for one at a time. Without it no such sum can be opened. It
   * throws SUBMISSION_WRONG once it has seen to it that work which is wrong is disputed.
   */
  readonly trainUpdate?: (submission: Submission) => Promise<Uint8Array>;
}

/** @throws ROUND_NOT_FOUND if nothing was summed, CONTENT_UNAVAILABLE when a byte cannot be had, CONTENT_CORRUPT for another update */
export async function openSummedRound(
  deps: SummedRoundDeps,
  opened: OpenedPool,
  round: Round,
): Promise<SummedRound> {
  return completeRound(await gatherRound(deps, opened, round), deps);
}

/** A round as far as others give it. */
export interface GatheredRound extends Omit<SummedRound, "updates"> {
  readonly found: readonly FoundUpdate[];
}

export interface FoundUpdate {
  readonly submission: Submission;
  readonly update: PromiseSettledResult<Uint8Array>;
}

/** Waits for others, and computes nothing of what they do not give. Throws as `openSummedRound` does. `listed` are all that are summed unless stated. */
export async function gatherRound(
  deps: Omit<SummedRoundDeps, "trainUpdate">,
  { plan, adapter }: OpenedPool,
  round: Round,
  listed?: readonly Submission[],
): Promise<GatheredRound> {
  const cid = await queryAdapterCid(deps.query, round.poolId, round.adapterId);
  const submissions = listed ?? (await summedSubmissions(deps, round));
  const before = await adapter(cid);
  const updates = await Promise.allSettled(
    submissions.map((submission) => fetchUpdate(deps, plan, submission)),
  );
  const found = submissions.map((submission, i) => ({ submission, update: updates[i]! }));
  return { plan, before, isFresh: round.adapterId === 0n, found, hash: deps.hash };
}

/** Makes the updates that others did not give. Throws what kept them from it where none can be made. */
export async function completeRound(
  { found, ...round }: GatheredRound,
  deps: Pick<SummedRoundDeps, "trainUpdate">,
): Promise<SummedRound> {
  const updates: Uint8Array[] = [];
  for (const one of found) updates.push(await completeUpdate(one, deps));
  return { ...round, updates };
}

/** Whatever a failure says of the bytes, what was accepted follows from public data. */
export async function completeUpdate(
  { submission, update }: FoundUpdate,
  { trainUpdate }: Pick<SummedRoundDeps, "trainUpdate">,
): Promise<Uint8Array> {
  if (update.status === "fulfilled") return update.value;
  const error: unknown = update.reason;
  if (trainUpdate === undefined || !(error instanceof R3mesError)) throw error;
  return trainUpdate(submission);
}

async function fetchUpdate(
  deps: Pick<SummedRoundDeps, "fetch" | "hash">,
  plan: TrainingPlan,
  { updateCid, updateRoot }: Submission,
): Promise<Uint8Array> {
  const update = await deps.fetch(updateCid, LIMITS.updateBytesMax);
  if (equalBytes(rootOfUpdate(plan, update, deps.hash), updateRoot)) return update;
  throw new R3mesError({ code: "CONTENT_CORRUPT", cid: contentIdFromBytes(updateCid) });
}

/**
 * Names the updates of every sum that is being made or may still be disputed, since whoever attests it has to open them; and those of
 * every round whose work is audited: what an audit accepts is summed, wherever its miner is by then. With them the states that are shown to
 * its auditors, who have them here before their turn comes.
 */
export function createOpenUpdates(query: SummedRoundDeps["query"]): () => Promise<ContentId[]> {
  const openRounds = createOpenRounds(query);
  return async () => {
    const found: ContentId[] = [];
    for (const round of await openRounds((each) => isAudited(each) || isSumOpen(each))) {
      const submissions = await submissionsOf(query, round);
      const cids = isAudited(round)
        ? submissions.flatMap(shownOf)
        : submissions.filter(({ summed }) => summed).map(({ updateCid }) => updateCid);
      found.push(...cids.filter(({ length }) => length > 0).map(contentIdFromBytes));
    }
    return found;
  };
}

function shownOf({ updateCid, opening }: Submission): Uint8Array[] {
  return [updateCid, opening?.stateBeforeCid, opening?.stateFinalCid].filter(
    (cid) => cid !== undefined,
  );
}

function isAudited({ phase }: Round): boolean {
  return phase === RoundPhase.REVEAL || phase === RoundPhase.AUDIT;
}

function isSumOpen({ phase, sumEndHeight, openCases }: Round): boolean {
  return phase === RoundPhase.AGGREGATION || sumEndHeight > 0n || openCases > 0;
}

/** In the order of their numbers. */
export async function summedSubmissions(
  { query }: Pick<SummedRoundDeps, "query">,
  round: Round,
): Promise<Submission[]> {
  const submissions = await submissionsOf(query, round);
  const summed = submissions.filter((submission) => submission.summed);
  if (summed.length === 0) throw new R3mesError({ code: "ROUND_NOT_FOUND", round: round.number });
  return summed;
}

/** Over all pages, in the order of their numbers. */
async function submissionsOf(
  query: SummedRoundDeps["query"],
  { poolId, number }: Round,
): Promise<Submission[]> {
  const submissions = await listAll(query, "submissions", { poolId, round: number });
  return submissions.sort((a, b) => (a.id < b.id ? -1 : 1));
}
