/** The states around a drawn step: as their miner publishes them, or as training gives them once that is over. */
import { nodeSha256 } from "@r3mes/engine/node";
import type { OpenedChunk } from "@r3mes/participant";
import { equalBytes, R3mesError } from "@r3mes/protocol";
import type { Opening } from "@r3mes/protocol/messages";
import { contentIdFromBytes } from "@r3mes/storage";
import {
  type ChunkState,
  type ContentSource,
  decodeStateOf,
  firstState,
  placeOf,
  rootOfState,
  stateBytes,
} from "@r3mes/training";
import type { TrainedStates } from "./trainStates.ts";

export type OpenedStates = {
  readonly before: ChunkState;
  readonly rootBefore: Uint8Array;
  readonly final: ChunkState;
};

/** A state with its address and the root that the miner has shown of it. */
type NamedState = { readonly t: number; readonly cid: Uint8Array; readonly root: Uint8Array };

/** Undefined if it cannot be had, or is not what was shown. */
export async function publishedState(
  { opened: { plan }, leased }: OpenedChunk,
  { t, cid, root }: NamedState,
  content: Pick<ContentSource, "get">,
): Promise<ChunkState | undefined> {
  try {
    const bytes = await content.get(cid, stateBytes(plan));
    return (
      decodeStateOf(plan, { place: placeOf(plan, leased, t), root }, bytes, nodeSha256) ?? undefined
    );
  } catch (error) {
    if (error instanceof R3mesError) return undefined;
    throw error;
  }
}

/**
 * The state before the drawn step and the last one. Without `content` nothing is published any more; `train` is asked for what is not.
 *
 * @throws CONTENT_UNAVAILABLE where training gives another state than the one that was shown, and nobody has that
 */
export async function openedStates(
  chunk: OpenedChunk,
  { step, rootBefore, rootFinal, stateBeforeCid, stateFinalCid }: Opening,
  content: Pick<ContentSource, "get"> | undefined,
  train: () => Promise<TrainedStates>,
): Promise<OpenedStates> {
  const { plan } = chunk.opened;
  // Of step 1 the chain knows the state before it, and the miner shows none.
  const isFirst = step === 1;
  const first = firstState(plan, chunk.adapter);
  const rootFirst = () => rootOfState(plan, placeOf(plan, chunk.leased, 0), first, nodeSha256);
  const before = {
    t: step - 1,
    cid: stateBeforeCid,
    root: isFirst ? rootFirst() : rootBefore,
  };
  const final = { t: plan.localSteps, cid: stateFinalCid, root: rootFinal };
  const published = (named: NamedState) =>
    content === undefined ? undefined : publishedState(chunk, named, content);
  const [stateBefore, stateFinal] = await Promise.all([
    isFirst ? first : published(before),
    published(final),
  ]);
  return {
    before: stateBefore ?? trainedState(before, await train()),
    rootBefore: before.root,
    final: stateFinal ?? trainedState(final, await train()),
  };
}

function trainedState({ t, cid, root }: NamedState, trained: TrainedStates): ChunkState {
  if (equalBytes(trained.rootAfter(t), root)) return trained.stateAfter(t);
  throw new R3mesError({ code: "CONTENT_UNAVAILABLE", cid: contentIdFromBytes(cid) });
}
