/**
 * A submission's chunk, trained again from public data: what anyone who doubts a miner does, and what a party to a case does whose own
 * journal does not have the states.
 */
import type { Client } from "@connectrpc/connect";
import { type ChainMessage, chainMessage, queryAdapterCid } from "@r3mes/chain-client";
import type { Session } from "@r3mes/engine";
import { equalBytes, type Hash, R3mesError, type Sha256 } from "@r3mes/protocol";
import {
  CaseKind,
  MsgChallengeSchema,
  type Query,
  type Submission,
} from "@r3mes/protocol/messages";
import {
  type Adapter,
  type LeasedChunk,
  type OpenedPool,
  shardsOfChunk,
  trainChunk,
} from "@r3mes/training";

export interface ReplayDeps {
  readonly query: Client<typeof Query>;
  readonly openPool: (
    pool: bigint,
  ) => Promise<{ readonly opened: OpenedPool; readonly session: () => Promise<Session> }>;
  readonly hash?: Sha256;
}

/** A chunk with everything that training it needs. */
export interface OpenedChunk {
  readonly opened: OpenedPool;
  readonly session: Session;
  readonly leased: LeasedChunk;
  readonly adapter: Adapter;
}

/** @throws SUBMISSION_NOT_FOUND, and CONTENT_UNAVAILABLE when a byte cannot be had */
export async function openChunk(deps: ReplayDeps, submission: Submission): Promise<OpenedChunk> {
  const { poolId, round: number } = submission;
  const [{ opened, session }, { round }] = await Promise.all([
    deps.openPool(poolId),
    deps.query.round({ poolId, number }),
  ]);
  if (round === undefined) throw new R3mesError({ code: "ROUND_NOT_FOUND", round: number });
  const chunk = Number(submission.chunk);
  const [shards, adapter, prepared] = await Promise.all([
    opened.shards("train", shardsOfChunk(opened.plan, chunk)),
    queryAdapterCid(deps.query, poolId, round.adapterId).then(opened.adapter),
    session(),
  ]);
  const leased = { round: number, chunk, roundSeed: round.seed, shards };
  return { opened, session: prepared, leased, adapter };
}

/** All that training a chunk again gives. */
export function replayChunk(
  { opened: { plan }, session, leased, adapter }: OpenedChunk,
  hash?: Sha256,
): ReturnType<typeof trainChunk> {
  const options = { reusesStates: true, ...(hash === undefined ? {} : { hash }) };
  return trainChunk(session, { plan, leased, adapter }, options);
}

export async function querySubmission(query: ReplayDeps["query"], id: bigint): Promise<Submission> {
  const { submission } = await query.submission({ id });
  if (submission === undefined)
    throw new R3mesError({ code: "SUBMISSION_NOT_FOUND", submission: id });
  return submission;
}

/** What of a submission is not what training its chunk gives; null if all of it is. */
export type Difference = "steps" | "update" | null;

/** What training the chunk of a submission again has shown. */
export interface Check {
  readonly differs: Difference;
  /** Of t = 1 … H, as training gives them. */
  readonly stateRoots: readonly Hash[];
}

/**
 * Brings what training the chunk of a submission again needs of others; what is returned trains it. An update is judged by the last state,
 * so only where the steps are right.
 */
export async function openCheck(deps: ReplayDeps, id: bigint): Promise<() => Promise<Check>> {
  const submission = await querySubmission(deps.query, id);
  const chunk = await openChunk(deps, submission);
  return async () => {
    const trained = await replayChunk(chunk, deps.hash);
    return { differs: differenceOf(trained, submission), stateRoots: trained.stateRoots };
  };
}

function differenceOf(
  trained: { readonly stepsRoot: Hash; readonly updateRoot: Hash },
  submission: Submission,
): Difference {
  if (!equalBytes(trained.stepsRoot, submission.stepsRoot)) return "steps";
  return equalBytes(trained.updateRoot, submission.updateRoot) ? null : "update";
}

/** What training the chunk of a submission again gives, and in what the submission differs from it. */
export async function trainAgain(deps: ReplayDeps, submission: Submission) {
  const trained = await replayChunk(await openChunk(deps, submission), deps.hash);
  return { update: trained.update, differs: differenceOf(trained, submission) };
}

/**
 * The update of a submission, made from public data: whoever keeps back one that is right keeps nothing from anybody.
 *
 * @throws SUBMISSION_WRONG if training gives another, and CONTENT_UNAVAILABLE when a byte cannot be had
 */
export async function trainUpdate(deps: ReplayDeps, submission: Submission): Promise<Uint8Array> {
  const { update, differs } = await trainAgain(deps, submission);
  if (differs === null) return update;
  throw new R3mesError({ code: "SUBMISSION_WRONG", submission: submission.id, differs });
}

/** A challenge that lets the bisection find the first wrong step, or the first wrong tensor of the update. It locks the bond of a case. */
export function challengeMessage(
  challenger: string,
  submissionId: bigint,
  difference: "steps" | "update" = "steps",
): ChainMessage {
  return chainMessage(MsgChallengeSchema, {
    challenger,
    kind: difference === "steps" ? CaseKind.STEP : CaseKind.UPDATE,
    submissionId,
    step: 0,
  });
}
