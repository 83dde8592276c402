/** The sum of a round, made again from public data and compared with the one that was adopted. Source: spec/aggregation.md. */
import { type ChainMessage, chainMessage } from "@r3mes/chain-client";
import { equalBytes, R3mesError } from "@r3mes/protocol";
import {
  type AdapterVersion,
  CaseKind,
  MsgChallengeSchema,
  type Round,
} from "@r3mes/protocol/messages";
import { aggregateRound, type OpenedPool, rootOfAdapter, rootOfMomenta } from "@r3mes/training";
import { openSummedRound, type SummedRoundDeps } from "./openSummedRound.ts";

/** Which part of an adopted sum is not what its updates give; null if both are. The momentum is judged where the adapter is right. */
export type SumDifference = "adapter" | "momentum" | null;

export interface CheckSumDeps extends SummedRoundDeps {
  readonly openPool: (pool: bigint) => Promise<{ readonly opened: OpenedPool }>;
}

/** @throws ADAPTER_NOT_FOUND if nothing was adopted, and CONTENT_UNAVAILABLE when a byte cannot be had */
export async function checkSum(deps: CheckSumDeps, round: Round): Promise<SumDifference> {
  const { adapter: adopted } = await deps.query.adapter({ id: round.resultAdapterId });
  if (adopted === undefined) {
    throw new R3mesError({ code: "ADAPTER_NOT_FOUND", adapter: round.resultAdapterId });
  }
  const { opened } = await deps.openPool(round.poolId);
  const { plan, before, updates } = await openSummedRound(deps, opened, round);
  const sum = aggregateRound(plan, before, updates);
  const root = rootOfAdapter(plan, sum, deps.hash);
  return differenceOfSums({ root, momentumRoot: rootOfMomenta(plan, sum, deps.hash) }, adopted);
}

export function differenceOfSums(
  own: { readonly root: Uint8Array; readonly momentumRoot: Uint8Array },
  adopted: Pick<AdapterVersion, "root" | "momentumRoot">,
): SumDifference {
  if (!equalBytes(own.root, adopted.root)) return "adapter";
  return equalBytes(own.momentumRoot, adopted.momentumRoot) ? null : "momentum";
}

/** Locks the bond of a case. */
export function sumChallengeMessage(
  challenger: string,
  { poolId, number }: Pick<Round, "poolId" | "number">,
  difference: "adapter" | "momentum",
): ChainMessage {
  return chainMessage(MsgChallengeSchema, {
    challenger,
    kind: CaseKind.AGGREGATE,
    poolId,
    round: number,
    momentum: difference === "momentum",
  });
}
