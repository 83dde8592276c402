/** The state that a case about a chunk begins with: what its miner published, where that can be had and is the one, or what training gives. */
import { R3mesError } from "@r3mes/protocol";
import { CaseKind } from "@r3mes/protocol/messages";
import { type ChunkState, decodeStateOf, placeOf, stateAfter, stateBytes } from "@r3mes/training";
import type { CaseOfChunk, CasePlayerDeps } from "./casePlayerDeps.ts";

type StateDeps = Pick<CasePlayerDeps, "bring" | "workOf" | "log" | "hash">;

/** A state that a case is about: after step t, with the root on which both parties agree. */
interface WantedState {
  readonly t: number;
  readonly root: Uint8Array;
  /** Where it was published, if it was. */
  readonly cid: Uint8Array | undefined;
}

/** The state before the disputed step, or the one from which the disputed update must follow. */
function wantedState(deps: StateDeps, opened: CaseOfChunk): WantedState {
  const { record, submission, chunk } = opened;
  const work = deps.workOf?.(submission.id);
  const { opening } = submission;
  if (record.kind === CaseKind.UPDATE) {
    const t = chunk.opened.plan.localSteps;
    return { t, root: record.stateAfter, cid: work?.stateCid?.(t) ?? opening?.stateFinalCid };
  }
  const t = record.step - 1;
  const shown = opening?.step === record.step ? opening.stateBeforeCid : undefined;
  return { t, root: record.stateBefore, cid: work?.stateCid?.(t) ?? shown };
}

/** Gives the adapter's state, the published one, or the one that training gives. Nothing is brought that is known. */
export async function gatherState(
  deps: StateDeps,
  opened: CaseOfChunk,
  isKnown: boolean,
): Promise<() => Promise<ChunkState>> {
  const { chunk } = opened;
  const { plan } = chunk.opened;
  const wanted = wantedState(deps, opened);
  const train = () => stateAfter(chunk.session, { ...chunk, plan }, wanted.t);
  if (wanted.t === 0) return train;
  const { cid } = wanted;
  const told = tellUnusable(deps, opened);
  const read =
    isKnown || cid === undefined ? null : await told(() => deps.bring(cid, stateBytes(plan)));
  return async () => {
    const named = { place: placeOf(plan, chunk.leased, wanted.t), root: wanted.root };
    const published =
      read && (await told(async () => decodeStateOf(plan, named, await read(), deps.hash)));
    return published ?? train();
  };
}

/** Null if it cannot be had or is no state: whoever published it may be who loses by it. */
function tellUnusable(deps: StateDeps, { record }: CaseOfChunk) {
  return async <T>(run: () => Promise<T>): Promise<T | null> => {
    try {
      return await run();
    } catch (error) {
      if (!(error instanceof R3mesError)) throw error;
      deps.log.warn({ case: String(record.id), error }, "published state not usable; training it");
      return null;
    }
  };
}
