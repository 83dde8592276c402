/**
 * Runs the audited step of a submission again on the visitor's device, from nothing but the chain's
 * records and content that is checked against them, and gives the root of the state after it. It
 * judges nothing: whoever asked compares.
 */
import type { Session } from "@r3mes/engine";
import { startReplayer } from "@r3mes/engine/browser";
import { toHex } from "@r3mes/protocol";
import {
  batchBytes,
  constantsOfStep,
  decodeState,
  firstState,
  type LeasedChunk,
  type OpenedPool,
  openPool,
  placeOf,
  rootOfState,
  shardsOfChunk,
  stateBytes,
  type TrainingPlan,
  writeState,
} from "@r3mes/training";
import { contentOverHttp } from "./contentOverHttp.ts";
import { fetchReplayInputs, type ReplayInputs } from "./replayInputs.ts";

export type ReplayProgress = {
  readonly doing: "records" | "content" | "step";
  /** Bytes of content that have come. */
  readonly bytes: number;
};

export type Replayed = {
  /** Root of the state from which the step began, computed here from its bytes. */
  readonly rootBefore: string;
  /** Root of the state after the step. */
  readonly rootAfter: string;
  readonly milliseconds: number;
  readonly threads: number;
  readonly kernels: string;
  readonly bytes: number;
};

export async function replayStep(
  submissionId: number,
  step: number,
  onProgress: (progress: ReplayProgress) => void,
): Promise<Replayed> {
  let bytes = 0;
  onProgress({ doing: "records", bytes });
  const inputs = await fetchReplayInputs(submissionId);
  const source = contentOverHttp((count) => {
    bytes += count;
    onProgress({ doing: "content", bytes });
  });
  const opened = await openPool(inputs, source);
  const { plan } = opened;
  const leased = await leasedChunkOf(inputs, opened);
  const state =
    step === 1
      ? firstState(plan, await opened.adapter(inputs.adapterCid))
      : decodeState(plan, await source.get(stateAddress(inputs), stateBytes(plan)));
  const weights = await weightsOf(opened);
  onProgress({ doing: "step", bytes });
  const replayer = await startReplayer();
  try {
    const began = performance.now();
    const tensors = tensorsOf(plan, leased, state, step);
    const place = placeOf(plan, leased, step);
    const outcome = await replayer.replay({ program: plan.program, weights, tensors, place });
    return {
      rootBefore: toHex(rootOfState(plan, placeOf(plan, leased, step - 1), state)),
      rootAfter: toHex(outcome.root),
      milliseconds: performance.now() - began,
      threads: outcome.threads,
      kernels: outcome.build,
      bytes,
    };
  } finally {
    replayer.close();
  }
}

async function leasedChunkOf(
  { round, submission }: ReplayInputs,
  opened: OpenedPool,
): Promise<LeasedChunk> {
  const chunk = Number(submission.chunk);
  return {
    round: round.number,
    chunk,
    roundSeed: round.seed,
    shards: await opened.shards("train", shardsOfChunk(opened.plan, chunk)),
  };
}

function stateAddress({ submission }: ReplayInputs): Uint8Array {
  return submission.opening?.stateBeforeCid ?? new Uint8Array();
}

async function weightsOf({ plan, weights }: OpenedPool): Promise<Map<string, Uint8Array>> {
  const all = new Map<string, Uint8Array>();
  for (const { name, role, transposeOf } of plan.program.tensors) {
    if (role === "weight" && transposeOf === undefined) all.set(name, await weights(name));
  }
  return all;
}

/** What a session would be given before the step, by name. */
function tensorsOf(
  plan: TrainingPlan,
  leased: LeasedChunk,
  state: Parameters<typeof writeState>[1],
  step: number,
): ReadonlyMap<string, Uint8Array> {
  const tensors = new Map<string, Uint8Array>();
  const recorder: Pick<Session, "program" | "write"> = {
    program: plan.program,
    write: (name, bytes) => void tensors.set(name, bytes),
  };
  writeState(recorder, state);
  tensors.set("tokens", batchBytes(plan, leased, step));
  tensors.set("step", constantsOfStep(plan, leased, step));
  return tensors;
}
