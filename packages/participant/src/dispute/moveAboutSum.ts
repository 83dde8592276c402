/** The move that a case about a sum asks of either party. Source: spec/verification.md section 5. */
import type { ChainMessage } from "@r3mes/chain-client";
import { type Case, CaseStage } from "@r3mes/protocol/messages";
import {
  type Claim,
  executionOfSum,
  pinpointSumTensor,
  pinpointSumTile,
  postSumTensors,
  postSumTiles,
  type SummedRound,
  type SumPart,
  sumOf,
} from "@r3mes/training";
import { executeMessage, pinpointMessage, postMessage } from "./caseMessages.ts";

/** Null if there is nothing to object to. */
export function moveAboutSum(
  operator: string,
  { record, claim }: { readonly record: Case; readonly claim: Claim },
  round: SummedRound,
): ChainMessage | null {
  const part: SumPart = record.output === 1 ? "momentum" : "adapter";
  const { children, stage } = record.claim!;
  const place = record.operation;
  if (stage === CaseStage.EXECUTION) {
    const execution = executionOfSum(round, part, place, claim.index);
    return executeMessage(operator, record.id, execution);
  }
  const own = sumOf(round, part);
  const isAboutTiles = claim.stage === "tiles";
  if (children.length === 0) {
    const post = isAboutTiles ? postSumTiles(claim, own, place) : postSumTensors(claim, own);
    return postMessage(operator, record.id, post);
  }
  const child = isAboutTiles
    ? pinpointSumTile(claim, children, own, place)
    : pinpointSumTensor(claim, children, own);
  return child === null ? null : pinpointMessage(operator, record.id, child);
}
