/**
 * Plays cases by itself, as whichever party its owner is: what must be shown follows from the case as the chain has it, and from a step
 * that is run again. It promises nothing that the chain does not already know, so after a kill the same move is made again.
 */
import type { ChainMessage } from "@r3mes/chain-client";
import { type CallReferee, programOrder } from "@r3mes/engine";
import { auditedOperations, equalBytes, type Hash, R3mesError } from "@r3mes/protocol";
import { type Case, CaseKind, CaseStage, type Submission } from "@r3mes/protocol/messages";
import type { Logger } from "@r3mes/service";
import {
  type ChunkState,
  type Claim,
  type DisputedStep,
  decodeState,
  executionOfTile,
  firstState,
  inputsOfRecord,
  pinpointOperation,
  pinpointStep,
  pinpointTile,
  placeOf,
  postOperations,
  postSteps,
  postTiles,
  rootOfState,
  type StepTrace,
  type SummedRound,
  stateBytes,
  traceDisputedStep,
  treeAsPosted,
} from "@r3mes/training";
import { kept } from "../kept.ts";
import { claimOf, executeMessage, pinpointMessage, postMessage } from "./caseMessages.ts";
import { type CaseJournal, keepPost, postsOfCase } from "./caseRecord.ts";
import { moveAboutSum } from "./moveAboutSum.ts";
import { moveAboutUpdate } from "./moveAboutUpdate.ts";
import { openSummedRound } from "./openSummedRound.ts";
import {
  type OpenedChunk,
  openChunk,
  querySubmission,
  type ReplayDeps,
  replayChunk,
  trainUpdate,
} from "./replayChunk.ts";

export interface CasePlayerDeps extends ReplayDeps {
  /** Content that was published: states of the disputed chunk. */
  readonly fetch: (cid: Uint8Array, bytesMax: number) => Promise<Uint8Array>;
  /** What the miner of a submission wrote down of it; a chunk that is not there is trained again. */
  readonly workOf?: (submission: bigint) => ChunkWork | undefined;
  readonly journal: CaseJournal;
  readonly referee: CallReferee;
  readonly submit: (messages: readonly ChainMessage[]) => Promise<unknown>;
  readonly log: Logger;
  /** Told of each accepted update that nobody offered and that was made again. */
  readonly onUpdateMade?: () => void;
}

export interface ChunkWork {
  /** Of t = 1 … H. */
  readonly stateRoots: readonly Hash[];
  /** Address of the state after step t = 0 … H. */
  stateCid(t: number): Uint8Array;
}

export interface CasePlayerOptions {
  /** Address that signs, and the owner that it acts for. */
  readonly operator: string;
  readonly owner: string;
}

export interface CasePlayer {
  /** Makes the move that the case expects of this party now. False if it is not its turn, or if it has nothing to object to. */
  play(caseId: bigint): Promise<boolean>;
}

/** A case with the chunk that it is about. */
interface OpenedCase {
  readonly record: Case;
  readonly claim: Claim;
  readonly submission: Submission;
  readonly chunk: OpenedChunk;
}

/** Cases that one party plays at once; one more only costs a step, or a chunk, that is run again. */
const casesMax = 8;

export function createCasePlayer(options: CasePlayerOptions, deps: CasePlayerDeps): CasePlayer {
  const { operator } = options;
  // What is run again is run once for all moves about it; what belongs to cases that have ended makes room.
  const traced = new Map<string, Promise<TracedCase>>();
  const lastStates = new Map<string, Promise<ChunkState>>();
  const rounds = new Map<string, Promise<SummedRound>>();

  return {
    async play(caseId) {
      const { case: record, toMove } = await deps.query.case({ id: caseId });
      if (record === undefined) throw new R3mesError({ code: "CASE_NOT_FOUND", case: caseId });
      const claim = claimOf(record);
      if (claim === undefined || !isMyTurn(record, toMove)) return false;
      const message = await moveIn(record, claim);
      if (message === null) deps.log.warn({ case: String(caseId) }, "nothing to object to");
      else await deps.submit([message]);
      return message !== null;
    },
  };

  /** A sum is defended by any of those who attested it; that this one did its duties say. */
  function isMyTurn({ kind, defender, challenger }: Case, toMove: string): boolean {
    const mine = [options.owner, operator];
    const isStandIn = kind === CaseKind.AGGREGATE && toMove === defender;
    return mine.includes(toMove) || (isStandIn && !mine.includes(challenger));
  }

  async function moveIn(record: Case, claim: Claim): Promise<ChainMessage | null> {
    if (record.kind === CaseKind.AGGREGATE) {
      const open = () => openRoundOf(deps, record);
      const round = await kept(rounds, `${record.poolId} ${record.round}`, open, casesMax);
      return moveAboutSum(operator, { record, claim }, round, deps.hash);
    }
    const submission = await querySubmission(deps.query, record.submissionId);
    return moveAboutChunk({ record, claim, submission, chunk: await openChunk(deps, submission) });
  }

  async function moveAboutChunk(opened: OpenedCase): Promise<ChainMessage | null> {
    const { record, claim } = opened;
    if (record.kind === CaseKind.UPDATE) {
      const replay = () => lastState(deps, opened);
      const last = await kept(lastStates, String(record.id), replay, casesMax);
      return moveAboutUpdate(operator, { ...opened, last }, deps.journal, deps.hash);
    }
    if (claim.stage === "steps") return moveAboutSteps(opened);
    const key = `${record.id} ${record.step}`;
    const work = await kept(traced, key, () => traceCase(deps, opened), casesMax);
    return moveAboutTrace(opened, work);
  }

  async function moveAboutSteps({ record, claim, submission, chunk }: OpenedCase) {
    const known = deps.workOf?.(submission.id)?.stateRoots;
    const roots = known ?? (await replayChunk(chunk, 0, deps.hash)).stateRoots;
    const { children } = record.claim!;
    if (children.length === 0) {
      return postMessage(operator, record.id, postSteps(claim, roots, deps.hash));
    }
    const child = pinpointStep(claim, children, roots, deps.hash);
    return child === null ? null : pinpointMessage(operator, record.id, child);
  }

  async function moveAboutTrace(opened: OpenedCase, work: TracedCase) {
    const { record, claim, chunk } = opened;
    const { program } = chunk.opened.plan;
    const { children, stage } = record.claim!;
    if (stage === CaseStage.EXECUTION) {
      return executeMessage(operator, record.id, await execution(opened, work));
    }
    const isAboutTiles = claim.stage === "tiles";
    if (children.length === 0) {
      const post = isAboutTiles
        ? await postTiles(claim, program, record.operation, work.trace, deps.hash)
        : postOperations(claim, program, work.trace, await drawnOperations(deps, opened));
      return postMessage(operator, record.id, post);
    }
    if (!isAboutTiles) await keepPost(deps.journal, record.id, record.claim!);
    const child = isAboutTiles
      ? await pinpointTile(claim, children, record.operation, work.trace)
      : pinpointOperation(claim, children, work.trace);
    return child === null ? null : pinpointMessage(operator, record.id, child);
  }

  async function execution({ record, claim, chunk }: OpenedCase, { step, trace }: TracedCase) {
    const { registered: data } = chunk.opened;
    const own = trace.trace.tree;
    const isDefender = record.defender === options.owner;
    const posted = isDefender
      ? own
      : treeAsPosted(own, postsOfCase(deps.journal, record.id), deps.hash);
    const inputs = await inputsOfRecord(chunk.session, step, data.weights, record.operation);
    const disputed = { step, record: record.operation, tile: claim.index };
    return executionOfTile({ ...disputed, trace: posted, data, inputs }, deps);
  }
}

/** The operations that a disputed digest names. */
async function drawnOperations(
  { query }: CasePlayerDeps,
  { record, chunk }: OpenedCase,
): Promise<readonly number[]> {
  if (record.kind !== CaseKind.DIGEST) return [];
  const { audits } = await query.submission({ id: record.submissionId });
  const audit = audits.find(({ draw }) => draw === record.draw);
  if (audit === undefined) {
    throw new R3mesError({ code: "AUDIT_NOT_FOUND", submission: record.submissionId });
  }
  return auditedOperations(audit.seed, programOrder(chunk.opened.plan.program).records);
}

async function openRoundOf(deps: CasePlayerDeps, { poolId, round: number }: Case) {
  const { opened } = await deps.openPool(poolId);
  const { round } = await deps.query.round({ poolId, number });
  if (round === undefined) throw new R3mesError({ code: "ROUND_NOT_FOUND", round: number });
  const trainOne = async (submission: Submission) => {
    const update = await trainUpdate(deps, submission);
    deps.onUpdateMade?.();
    return update;
  };
  return openSummedRound({ ...deps, trainUpdate: trainOne }, opened, round);
}

interface TracedCase {
  readonly step: DisputedStep;
  readonly trace: StepTrace;
}

async function traceCase(deps: CasePlayerDeps, opened: OpenedCase): Promise<TracedCase> {
  const { chunk, record } = opened;
  const { plan } = chunk.opened;
  const before = await stateBefore(deps, opened);
  const step = { plan, task: chunk.task, t: record.step, before };
  return { step, trace: await traceDisputedStep(chunk.session, step, deps.hash) };
}

/** The state after the last step, from which the disputed update must follow. */
async function lastState(deps: CasePlayerDeps, opened: OpenedCase): Promise<ChunkState> {
  const { record, submission, chunk } = opened;
  const t = chunk.opened.plan.localSteps;
  const published = deps.workOf?.(submission.id)?.stateCid(t) ?? submission.opening?.stateFinalCid;
  const state = published && (await publishedState(deps, opened, published, t, record.stateAfter));
  if (state) return state;
  const { before } = await replayChunk(chunk, t + 1, deps.hash);
  return before!;
}

/** The state before the disputed step: that of the adapter, the published one, or the one that training gives. */
async function stateBefore(deps: CasePlayerDeps, opened: OpenedCase): Promise<ChunkState> {
  const { record, submission, chunk } = opened;
  const { plan } = chunk.opened;
  const { step } = record;
  if (step === 1) return firstState(plan, chunk.adapter);
  const { opening } = submission;
  const published =
    deps.workOf?.(submission.id)?.stateCid(step - 1) ??
    (opening?.step === step ? opening.stateBeforeCid : undefined);
  const state =
    published && (await publishedState(deps, opened, published, step - 1, record.stateBefore));
  if (state) return state;
  const { before } = await replayChunk(chunk, step, deps.hash);
  return before!;
}

/** Null if it cannot be had or is another one: whoever published it may be who loses by it. */
async function publishedState(
  deps: CasePlayerDeps,
  { record, chunk }: OpenedCase,
  cid: Uint8Array,
  t: number,
  expected: Uint8Array,
): Promise<ChunkState | null> {
  const { plan } = chunk.opened;
  try {
    const state = decodeState(plan, await deps.fetch(cid, stateBytes(plan)));
    const root = rootOfState(plan, placeOf(plan, chunk.task, t), state, deps.hash);
    return equalBytes(root, expected) ? state : null;
  } catch (error) {
    if (!(error instanceof R3mesError)) throw error;
    deps.log.warn({ case: String(record.id), error }, "published state not usable; training it");
    return null;
  }
}
