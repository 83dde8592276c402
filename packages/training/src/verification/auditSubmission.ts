/**
 * The audit of a submission: the drawn step run again from the state that the miner published, and its update computed again from the
 * last state. Bytes that are not at hand never come here: that is "cannot check", and the caller's to say. Source:
 * spec/verification.md section 1.
 */
import { type Observer, recordsOf, rootOfTensor, type Session, writersOf } from "@r3mes/engine";
import {
  auditedOperations,
  equalBytes,
  executionDigest,
  type Hash,
  operationRoot,
  type Sha256,
  type Verdict,
} from "@r3mes/protocol";
import { type ChunkState, readState, rootOfState, writeState } from "../step/chunkState.ts";
import { type ChunkStep, runStep } from "../step/runStep.ts";
import { type ChunkStart, makeUpdate, placeOf } from "../step/trainChunk.ts";

/** What the miner bound itself to, and what it published for the drawn step. */
export interface AuditedWork {
  readonly step: number;
  readonly rootBefore: Uint8Array;
  readonly rootAfter: Uint8Array;
  readonly rootFinal: Uint8Array;
  readonly updateRoot: Uint8Array;
  readonly stateBefore: ChunkState;
  readonly stateFinal: ChunkState;
  /** The bytes at the update's address: asked for only where they decide something. */
  readonly update: () => Promise<Uint8Array>;
}

/**
 * `update` does not follow from the last state, `updateBytes` are not what was revealed, and `steps` is found by a replay of the whole
 * chunk.
 */
export type Fault = "stateBefore" | "stateFinal" | "step" | "steps" | "update" | "updateBytes";

/**
 * What an auditor may say of what it found. Invalid is only what a case can prove: a step that gives another state than the one that
 * was revealed, or an update that does not follow from the last one. Published bytes that are not what was revealed cannot be checked.
 */
export function verdictOf(faults: readonly Fault[]): Verdict {
  if (faults.length === 0) return "valid";
  const isStepWrong = faults.includes("step") && !faults.includes("stateBefore");
  if (isStepWrong || faults.includes("steps")) return "invalid";
  return faults.every((fault) => fault === "update") ? "updateInvalid" : "cannotCheck";
}

export interface AuditResult {
  /** Empty when everything agrees; otherwise what differs, in the order it was found. */
  readonly faults: readonly Fault[];
  /** The root of the state that the drawn step gives. */
  readonly root: Hash;
  /** Known only to whoever ran the step after the draw. */
  readonly digest: Hash;
}

/**
 * An audit with what a replay of the whole chunk adds: where its steps are not those that were revealed, the state that counts is the
 * one that they give.
 */
export function withReplay(
  audit: AuditResult,
  replayed: { readonly stepsRoot: Hash; readonly rootAfterStep: Hash },
  revealed: Uint8Array,
): AuditResult {
  if (equalBytes(replayed.stepsRoot, revealed)) return audit;
  return { ...audit, faults: [...audit.faults, "steps"], root: replayed.rootAfterStep };
}

export interface AuditOptions {
  /** Seed of the draw, 32 bytes. */
  readonly auditSeed: Uint8Array;
  readonly hash?: Sha256;
}

export async function auditSubmission(
  session: Session,
  chunk: ChunkStart,
  work: AuditedWork,
  options: AuditOptions,
): Promise<AuditResult> {
  const { plan, leased } = chunk;
  const { hash } = options;
  const rootAt = (t: number, state: ChunkState) =>
    rootOfState(plan, placeOf(plan, leased, t), state, hash);
  const faults: Fault[] = [];
  if (!equalBytes(rootAt(work.step - 1, work.stateBefore), work.rootBefore)) {
    faults.push("stateBefore");
  }
  if (!equalBytes(rootAt(plan.localSteps, work.stateFinal), work.rootFinal)) {
    faults.push("stateFinal");
  }
  const run = await runObserved(session, { plan, leased, t: work.step }, work.stateBefore, options);
  const root = rootAt(work.step, run.state);
  if (!equalBytes(root, work.rootAfter)) faults.push("step");
  const { update, updateRoot } = await makeUpdate(chunk, work.stateFinal, hash);
  if (!equalBytes(updateRoot, work.updateRoot)) faults.push("update");
  else if (!equalBytes(update, await work.update())) faults.push("updateBytes");
  const digest = executionDigest({
    auditSeed: options.auditSeed,
    t: work.step,
    stateRoot: root,
    updateRoot,
    operations: run.operations,
  });
  return { faults, root, digest };
}

/** Runs the drawn step and roots the outputs of the operations that the draw names. */
async function runObserved(
  session: Session,
  step: ChunkStep,
  before: ChunkState,
  { auditSeed, hash }: AuditOptions,
): Promise<{ state: ChunkState; operations: { index: number; root: Hash }[] }> {
  const { program } = step.plan;
  const records = recordsOf(program);
  const drawn = new Map(
    auditedOperations(auditSeed, records.length).map((index) => [records[index]!.tensor, index]),
  );
  const operations: { index: number; root: Hash }[] = [];
  const observe: Observer = (position, output, bytes) => {
    const tensor = program.operations[position]!.outputs[output]!;
    const index = drawn.get(tensor);
    if (index === undefined) return;
    const root = rootOfTensor(program, tensor, bytes, hash);
    operations.push({ index, root: operationRoot([root], hash) });
  };
  writeState(session, before);
  const only = writersOf(program, new Set(drawn.keys()));
  await runStep(session, step, observe, only);
  return { state: await readState(session), operations };
}
