/** A submission's chunk, trained again from public data by whoever doubts it: equal, or the first step that differs. */
import { availableParallelism } from "node:os";
import type { Backend } from "@r3mes/engine";
import { sha256Of } from "@r3mes/models/node";
import { createDevice, createPoolOpener, openChunk, replayChunk } from "@r3mes/participant";
import { equalBytes, R3mesError, toHex } from "@r3mes/protocol";
import type { OpenedNetwork } from "./openNetwork.ts";

export type Replay = {
  readonly submission: string;
  readonly equal: boolean;
  readonly steps: number;
  /** Root of the state roots, in hex: as trained here, and as the miner revealed it. */
  readonly stepsRoot: string;
  readonly revealed: string;
  /** What the drawn step's opening shows: the roots around it as they are here and there; absent before the draw. */
  readonly drawn?: {
    readonly step: number;
    readonly equal: boolean;
    readonly root: string;
    readonly opened: string;
  };
};

/** What 32-bit addresses reach. */
const bytesMax = 2 ** 32;

/** @throws SUBMISSION_NOT_FOUND, also for one that was settled and deleted; CONTENT_UNAVAILABLE */
export async function replaySubmission(
  id: bigint,
  { query, content, log }: OpenedNetwork,
): Promise<Replay> {
  const { submission } = await query.submission({ id });
  if (submission === undefined)
    throw new R3mesError({ code: "SUBMISSION_NOT_FOUND", submission: id });
  const threads = availableParallelism();
  const device = createDevice({ threads, bytesMax, niceness: 0 }, log);
  // It is proven while the content comes; whoever prepares on it hears that it failed.
  device.catch(() => undefined);
  const backend: Backend = {
    name: "device",
    prepare: async (...what) => (await device).prepare(...what),
  };
  try {
    const openPool = createPoolOpener({ query, content, backend });
    const chunk = await openChunk({ query, openPool, hash: sha256Of }, submission);
    const { stateRoots, stepsRoot } = await replayChunk(chunk, 0, sha256Of);
    const { opening } = submission;
    return {
      submission: String(id),
      equal: equalBytes(stepsRoot, submission.stepsRoot),
      steps: stateRoots.length,
      stepsRoot: toHex(stepsRoot),
      revealed: toHex(submission.stepsRoot),
      ...(opening === undefined ? {} : { drawn: compareDrawn(stateRoots, opening) }),
    };
  } finally {
    await device.then(
      ({ close }) => close(),
      () => undefined,
    );
  }
}

function compareDrawn(
  stateRoots: readonly Uint8Array[],
  { step, rootAfter }: { readonly step: number; readonly rootAfter: Uint8Array },
): NonNullable<Replay["drawn"]> {
  const root = stateRoots[step - 1]!;
  return { step, equal: equalBytes(root, rootAfter), root: toHex(root), opened: toHex(rootAfter) };
}
