/**
 * The challenger's moves: which of the posted nodes is the first that differs from its own. Null means that it agrees with all of
 * them, and should not have challenged. Source: spec/verification.md section 2.
 */
import { firstDifference } from "@r3mes/engine";
import type { Sha256 } from "@r3mes/protocol";
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
  return found(firstDifference(nodesOfClaim(claim, treeOfSlots(stateRoots, hash)), posted));
}

export function pinpointOperation(
  claim: Claim,
  posted: readonly Uint8Array[],
  { trace }: StepTrace,
): number | null {
  return found(firstDifference(nodesOfClaim(claim, trace.tree), posted));
}

export async function pinpointTile(
  claim: Claim,
  posted: readonly Uint8Array[],
  record: number,
  trace: StepTrace,
): Promise<number | null> {
  return found(firstDifference(nodesOfClaim(claim, await trace.tiles(record)), posted));
}

function found(child: number): number | null {
  return child < 0 ? null : child;
}
