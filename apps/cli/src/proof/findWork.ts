/**
 * A submission with its audits, also long after it was settled and deleted: a node keeps earlier states of the chain, and the last one
 * that had the submission says all about it.
 */
import type { Client } from "@connectrpc/connect";
import { listAll } from "@r3mes/chain-client";
import { R3mesError } from "@r3mes/protocol";
import type { Audit, Query, Round, Submission } from "@r3mes/protocol/messages";
import type { OpenedNetwork } from "./openNetwork.ts";

export type FoundWork = {
  readonly submission: Submission;
  /** In the order of the draws. */
  readonly audits: readonly Audit[];
  /** Last height at which the chain had it; absent while it has it. */
  readonly lastHeight?: bigint;
};

type Chain = Pick<OpenedNetwork, "rpc" | "query" | "queryAt">;

/** @throws SUBMISSION_NOT_FOUND if the chain never had it, STATE_PRUNED if this node no longer knows */
export async function findWork(id: bigint, chain: Chain): Promise<FoundWork> {
  const now = await workIn(chain.query, id);
  if (now !== undefined) return now;
  const { latestHeight } = await chain.rpc.status();
  const known = await someHeightOf(id, chain);
  if (known === undefined) throw new R3mesError({ code: "SUBMISSION_NOT_FOUND", submission: id });
  const workAt = (height: bigint) => atHeight(height, workIn(chain.queryAt(height), id));
  let [had, gone] = [known, latestHeight];
  while (gone - had > 1n) {
    const middle = (had + gone) / 2n;
    if ((await workAt(middle)) === undefined) gone = middle;
    else had = middle;
  }
  return { ...(await workAt(had))!, lastHeight: had };
}

/** What a question about an earlier state is answered; STATE_PRUNED where the node has thrown that state away. */
export async function atHeight<T>(height: bigint, answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    // The module's own refusals have codes of their own: what is left is that there is no such state.
    if (!(error instanceof R3mesError) || error.code !== "CHAIN_REFUSED") throw error;
    throw new R3mesError({ code: "STATE_PRUNED", height }, { cause: error });
  }
}

async function workIn(query: Client<typeof Query>, id: bigint): Promise<FoundWork | undefined> {
  try {
    const { submission, audits } = await query.submission({ id });
    return submission && { submission, audits };
  } catch (error) {
    if (error instanceof R3mesError && error.code === "SUBMISSION_NOT_FOUND") return undefined;
    throw error;
  }
}

/** Everything that a round got is there when its training ends. Numbers of leases ascend, so newer rounds have greater ones. */
async function someHeightOf(id: bigint, { query, queryAt }: Chain): Promise<bigint | undefined> {
  const pools = await listAll(query, "pools");
  for (const { id: poolId } of pools) {
    const rounds = await listAll(query, "rounds", { poolId });
    for (const round of rounds.reverse()) {
      const height = round.trainingEndHeight;
      if (height === 0n || round.committed === 0) continue;
      const ids = await atHeight(height, submissionsOf(queryAt(height), round));
      if (ids.includes(id)) return height;
      if (ids.every((other) => other < id)) break;
    }
  }
  return undefined;
}

async function submissionsOf(
  query: Client<typeof Query>,
  { poolId, number }: Round,
): Promise<bigint[]> {
  const submissions = await listAll(query, "submissions", { poolId, round: number });
  return submissions.map(({ id }) => id);
}
