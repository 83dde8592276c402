/** The move that a case about a step asks of either party, once the step is known. Source: spec/verification.md section 2. */
import type { ChainMessage } from "@r3mes/chain-client";
import { programOrder } from "@r3mes/engine";
import { auditedOperations, R3mesError, type Sha256 } from "@r3mes/protocol";
import { CaseKind, CaseStage } from "@r3mes/protocol/messages";
import {
  type ChunkState,
  type DisputedStep,
  executionOfTile,
  inputsOfRecord,
  pinpointOperation,
  pinpointTile,
  postOperations,
  postTiles,
  type StepTrace,
  type TileExecution,
  traceDisputedStep,
  treeAsPosted,
} from "@r3mes/training";
import { executeMessage, pinpointMessage, postMessage } from "./caseMessages.ts";
import type { CasePlayerDeps, CasePlayerOptions, OpenedCase } from "./casePlayerDeps.ts";
import { keepPost, postsOfCase } from "./caseRecord.ts";

/** The disputed step, run again. */
export interface TracedCase {
  readonly step: DisputedStep;
  readonly trace: StepTrace;
}

export async function traceCase(
  { chunk, record }: OpenedCase,
  before: ChunkState,
  hash?: Sha256,
): Promise<TracedCase> {
  const step = { plan: chunk.opened.plan, leased: chunk.leased, t: record.step, before };
  return { step, trace: await traceDisputedStep(chunk.session, step, hash) };
}

/** Null if there is nothing to object to. */
export async function moveAboutTrace(
  options: CasePlayerOptions,
  deps: CasePlayerDeps,
  opened: OpenedCase,
  work: TracedCase,
): Promise<ChainMessage | null> {
  const { operator } = options;
  const { record, claim, chunk } = opened;
  const { program } = chunk.opened.plan;
  const { children, stage } = record.claim!;
  if (stage === CaseStage.EXECUTION) {
    return executeMessage(operator, record.id, await execution(options, deps, opened, work));
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

async function execution(
  options: CasePlayerOptions,
  deps: CasePlayerDeps,
  { record, claim, chunk }: OpenedCase,
  { step, trace }: TracedCase,
): Promise<TileExecution> {
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
