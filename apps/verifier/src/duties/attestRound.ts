/** Attests the sum of a pool's current round. Source: spec/aggregation.md. */
import { chainMessage, listAll } from "@r3mes/chain-client";
import { fromHex } from "@r3mes/protocol";
import { MsgAttestSchema, type Round, RoundPhase } from "@r3mes/protocol/messages";
import { contentIdToBytes, parseContentId } from "@r3mes/storage";
import type { VerifierDeps, VerifierOptions } from "../verifierDeps.ts";
import { type SumWork, sumOfRound } from "./sumRound.ts";

/** When it is time, once. */
export async function attestRound(
  options: VerifierOptions,
  deps: VerifierDeps,
  work: SumWork,
  poolId: bigint,
): Promise<boolean> {
  const { round } = await deps.query.pool({ id: poolId });
  if (round?.phase !== RoundPhase.AGGREGATION) return false;
  if (await hasAttested(options, deps, round)) return false;
  const sum = sumOfRound(deps, work, round);
  if (sum === undefined) return false;
  await deps.submit([
    chainMessage(MsgAttestSchema, {
      operator: options.operator,
      poolId,
      round: round.number,
      root: fromHex(sum.root),
      momentumRoot: fromHex(sum.momentumRoot),
      cid: contentIdToBytes(parseContentId(sum.cid)),
      heldOutLoss: BigInt(sum.loss),
    }),
  ]);
  return true;
}

/** Whether this verifier's word for the sum of a round is on the chain. */
export async function hasAttested(
  { owner }: Pick<VerifierOptions, "owner">,
  deps: VerifierDeps,
  { poolId, number }: Round,
): Promise<boolean> {
  const attestations = await listAll(deps.query, "attestations", { poolId, round: number });
  return attestations.some(({ verifier }) => verifier === owner);
}
