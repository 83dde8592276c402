/** The move that a case about an update asks of either party. Source: spec/verification.md section 4. */
import type { ChainMessage } from "@r3mes/chain-client";
import { compress } from "@r3mes/engine";
import type { Sha256 } from "@r3mes/protocol";
import { type Case, CaseStage } from "@r3mes/protocol/messages";
import {
  type ChunkState,
  type Claim,
  executionOfUpdate,
  factorsOf,
  firstState,
  pinpointSigns,
  pinpointSums,
  pinpointTensor,
  postSigns,
  postSums,
  postTensors,
  treeAsPosted,
  treeOfItems,
  updateClaimOf,
  updateLayoutOf,
  updateLists,
} from "@r3mes/training";
import { executeMessage, pinpointMessage, postMessage } from "./caseMessages.ts";
import { type CaseJournal, keepPost, postsOfCase } from "./caseRecord.ts";
import type { OpenedChunk } from "./replayChunk.ts";

/** A case about an update, with the chunk that it is about and the state after its last step. */
interface UpdateCase {
  readonly record: Case;
  readonly claim: Claim;
  readonly chunk: OpenedChunk;
  readonly last: ChunkState;
}

/** Null if there is nothing to object to. */
export async function moveAboutUpdate(
  operator: string,
  { record, claim, chunk, last }: UpdateCase,
  journal: CaseJournal,
  hash?: Sha256,
): Promise<ChainMessage | null> {
  const { plan } = chunk.opened;
  const states = { plan, first: firstState(plan, chunk.adapter), last, hash };
  const update = compress(updateLayoutOf(plan), chunk.adapter.factors, factorsOf(plan, last));
  const { children, stage } = record.claim!;
  const isPost = children.length === 0 && stage !== CaseStage.EXECUTION;
  if (claim.stage === "tensors") {
    return isPost
      ? postMessage(operator, record.id, postTensors(claim, states, update))
      : pinpointed(pinpointTensor(claim, children, states, update));
  }
  const place = record.operation;
  const isAboutScale = record.output === 1;
  const stated = record.update ?? updateClaimOf(states, place, update[place]!);
  const own = updateLists(states, place, stated);
  if (isPost) {
    const post = isAboutScale ? postSums(claim, own) : postSigns(claim, states, place, stated);
    return postMessage(operator, record.id, post);
  }
  const list = `${record.id} ${isAboutScale ? "sums" : "signs"}`;
  if (stage === CaseStage.EXECUTION) {
    const posted = (items: readonly Uint8Array[]) =>
      treeAsPosted(treeOfItems(items, hash), postsOfCase(journal, list), hash);
    const lists = isAboutScale
      ? { signs: treeOfItems(own.signs, hash), sums: posted(own.sums) }
      : { signs: posted(own.signs) };
    const execution = executionOfUpdate(states, { place, tile: claim.index }, own, lists);
    return executeMessage(operator, record.id, execution);
  }
  await keepPost(journal, list, record.claim!);
  const pinpoint = isAboutScale ? pinpointSums : pinpointSigns;
  return pinpointed(pinpoint(claim, children, stated, own));

  function pinpointed(child: number | null): ChainMessage | null {
    return child === null ? null : pinpointMessage(operator, record.id, child);
  }
}
