/**
 * The challenger's moves: which of the posted nodes is the first that differs from its own. Null means that it agrees with all of
 * them, and should not have challenged. Source: spec/verification.md section 2.
 */
import { firstDifference } from "@r3mes/engine";
import type { Sha256, Tree } from "@r3mes/protocol";
import type { Claim } from "./claim.ts";
import { nodesOfClaim, treeOfSlots } from "./postTrace.ts";
import type { StepTrace } from "./stepTrace.ts";

/** `stateRoots` are its own, of t = 1 … H. */
export function pinpointStep(
  claim: Claim,
  posted: readonly Uint8Array[],
  stateRoots: readonly Uint8Array[],
  hash?: Sha256,
): number | null {
  return pinpointNode(claim, posted, treeOfSlots(stateRoots, hash));
}

export function pinpointOperation(
  claim: Claim,
  posted: readonly Uint8Array[],
  { trace }: StepTrace,
): number | null {
  return pinpointNode(claim, posted, trace.tree);
}

export async function pinpointTile(
  claim: Claim,
  posted: readonly Uint8Array[],
  record: number,
  trace: StepTrace,
): Promise<number | null> {
  return pinpointNode(claim, posted, await trace.tiles(record));
}

/** `own` is the challenger's tree. */
export function pinpointNode(
  claim: Claim,
  posted: readonly Uint8Array[],
  own: Tree,
): number | null {
  const child = firstDifference(nodesOfClaim(claim, own), posted);
  return child < 0 ? null : child;
}
