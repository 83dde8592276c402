/**
 * Plays cases by itself, as whichever party its owner is: what must be shown follows from the case as the chain has it, and from a step
 * that is run again. It promises nothing that the chain does not already know, so after a kill the same move is made again.
 *
 * What a move needs of others is brought before its turn, for all cases at once: the clock of each runs, and whoever keeps something back
 * must not hold up any other.
 */
import type { ChainMessage } from "@r3mes/chain-client";
import { type Hash, R3mesError } from "@r3mes/protocol";
import { type Case, CaseKind, type Submission } from "@r3mes/protocol/messages";
import {
  type ChunkState,
  type Claim,
  pinpointStep,
  postSteps,
  type SummedRound,
} from "@r3mes/training";
import { kept } from "../kept.ts";
import { claimOf, pinpointMessage, postMessage } from "./caseMessages.ts";
import type { CasePlayerDeps, CasePlayerOptions, OpenedCase } from "./casePlayerDeps.ts";
import { gatherState } from "./gatherState.ts";
import { moveAboutSum } from "./moveAboutSum.ts";
import { moveAboutTrace, type TracedCase, traceCase } from "./moveAboutTrace.ts";
import { moveAboutUpdate } from "./moveAboutUpdate.ts";
import { completeRound, type GatheredRound, gatherRound } from "./openSummedRound.ts";
import { openChunk, querySubmission, replayChunk, trainUpdate } from "./replayChunk.ts";

export interface CasePlayer {
  /** Brings what the move that the case expects of this party now needs of others. Null if it is not its turn. */
  prepare(caseId: bigint): Promise<Move | null>;
}

/** Makes the move, on the device, one after the other. False if there is nothing to object to. */
export type Move = () => Promise<boolean>;

/** What computes the message of a move; null if there is nothing to object to. */
type Answer = () => Promise<ChainMessage | null>;

/** Cases that one party plays at once; one more only costs a step, or a chunk, that is run again. */
const casesMax = 8;

export function createCasePlayer(options: CasePlayerOptions, deps: CasePlayerDeps): CasePlayer {
  const { operator } = options;
  // What is run again is run once for all moves about it; what belongs to cases that have ended makes room.
  const traced = new Map<string, Promise<TracedCase>>();
  const lastStates = new Map<string, Promise<ChunkState>>();
  const stepRoots = new Map<bigint, Promise<readonly Hash[]>>();
  const gathered = new Map<string, Promise<GatheredRound>>();
  const rounds = new Map<string, Promise<SummedRound>>();

  return {
    async prepare(caseId) {
      const { case: record, toMove } = await deps.query.case({ id: caseId });
      if (record === undefined) throw new R3mesError({ code: "CASE_NOT_FOUND", case: caseId });
      const claim = claimOf(record);
      if (claim === undefined || !isMyTurn(record, toMove)) return null;
      const answer = await gather(record, claim);
      return async () => {
        const message = await answer();
        if (message === null) deps.log.warn({ case: String(caseId) }, "nothing to object to");
        else await deps.submit([message]);
        return message !== null;
      };
    },
  };

  /** A sum is defended by any of those who attested it; that this one did its duties say. */
  function isMyTurn({ kind, defender, challenger }: Case, toMove: string): boolean {
    const mine = [options.owner, operator];
    const isStandIn = kind === CaseKind.AGGREGATE && toMove === defender;
    return mine.includes(toMove) || (isStandIn && !mine.includes(challenger));
  }

  async function gather(record: Case, claim: Claim): Promise<Answer> {
    if (record.kind === CaseKind.AGGREGATE) return gatherAboutSum(record, claim);
    const submission = await querySubmission(deps.query, record.submissionId);
    const chunk = await openChunk(deps, submission);
    return gatherAboutChunk({ record, claim, submission, chunk });
  }

  async function gatherAboutSum(record: Case, claim: Claim): Promise<Answer> {
    const key = `${record.poolId} ${record.round}`;
    const found = await kept(gathered, key, () => gatherRoundOf(deps, record), casesMax);
    const complete = () => completeRound(found, { trainUpdate: (one) => makeUpdate(deps, one) });
    return async () => {
      const round = await kept(rounds, key, complete, casesMax);
      return moveAboutSum(operator, { record, claim }, round);
    };
  }

  async function gatherAboutChunk(opened: OpenedCase): Promise<Answer> {
    const { record, claim } = opened;
    if (record.kind === CaseKind.UPDATE) {
      const key = String(record.id);
      const state = await gatherState(deps, opened, lastStates.has(key));
      return async () => {
        const last = await kept(lastStates, key, state, casesMax);
        return moveAboutUpdate(operator, { ...opened, last }, deps.journal, deps.hash);
      };
    }
    if (claim.stage === "steps") return () => moveAboutSteps(opened);
    const key = `${record.id} ${record.step}`;
    const state = await gatherState(deps, opened, traced.has(key));
    const trace = async () => traceCase(opened, await state(), deps.hash);
    return async () => {
      const work = await kept(traced, key, trace, casesMax);
      return moveAboutTrace(options, deps, opened, work);
    };
  }

  async function moveAboutSteps({ record, claim, submission, chunk }: OpenedCase) {
    const known = deps.workOf?.(submission.id)?.stateRoots;
    const replay = async () => (await replayChunk(chunk, deps.hash)).stateRoots;
    const roots = known ?? (await kept(stepRoots, submission.id, replay, casesMax));
    const { children } = record.claim!;
    if (children.length === 0) {
      return postMessage(operator, record.id, postSteps(claim, roots, deps.hash));
    }
    const child = pinpointStep(claim, children, roots, deps.hash);
    return child === null ? null : pinpointMessage(operator, record.id, child);
  }
}

async function gatherRoundOf(deps: CasePlayerDeps, { poolId, round: number }: Case) {
  const { opened } = await deps.openPool(poolId);
  const { round } = await deps.query.round({ poolId, number });
  if (round === undefined) throw new R3mesError({ code: "ROUND_NOT_FOUND", round: number });
  const fetch = async (cid: Uint8Array, bytesMax: number) => (await deps.bring(cid, bytesMax))();
  return gatherRound({ ...deps, fetch }, opened, round);
}

async function makeUpdate(deps: CasePlayerDeps, submission: Submission): Promise<Uint8Array> {
  const update = await trainUpdate(deps, submission);
  deps.onUpdateMade?.();
  return update;
}
