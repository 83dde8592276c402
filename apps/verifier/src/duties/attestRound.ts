/** Attests the sum of a pool's current round, again where it has to leave out more. Source: spec/aggregation.md. */
import { chainMessage, listAll } from "@r3mes/chain-client";
import { fromHex } from "@r3mes/protocol";
import {
  type Attestation,
  MsgAttestSchema,
  type Round,
  RoundPhase,
} from "@r3mes/protocol/messages";
import { contentIdToBytes, parseContentId } from "@r3mes/storage";
import type { VerifierDeps, VerifierOptions } from "../verifierDeps.ts";
import { leftOutOf, type SumWork, sumOfRound } from "./sumRound.ts";

/** When it is time. */
export async function attestRound(
  options: VerifierOptions,
  deps: VerifierDeps,
  work: SumWork,
  poolId: bigint,
): Promise<boolean> {
  const { pool, round } = await deps.query.pool({ id: poolId });
  if (round?.phase !== RoundPhase.AGGREGATION) return false;
  const sum = await sumOfRound(deps, work, round);
  if (sum === undefined) return false;
  const leftOut = leftOutOf(sum);
  if (round.accepted - leftOut.length < pool!.submissionsMin) return false;
  const said = await ownAttestation(options, deps, round);
  if (said !== undefined && said.leftOut.length >= leftOut.length) return false;
  await deps.submit([
    chainMessage(MsgAttestSchema, {
      operator: options.operator,
      poolId,
      round: round.number,
      root: fromHex(sum.root),
      momentumRoot: fromHex(sum.momentumRoot),
      cid: contentIdToBytes(parseContentId(sum.cid)),
      heldOutLoss: BigInt(sum.loss),
      leftOut,
    }),
  ]);
  return true;
}

/** This verifier's word for the sum of a round, as the chain has it. */
export async function ownAttestation(
  { owner }: Pick<VerifierOptions, "owner">,
  deps: Pick<VerifierDeps, "query">,
  { poolId, number }: Round,
): Promise<Attestation | undefined> {
  const attestations = await listAll(deps.query, "attestations", { poolId, round: number });
  return attestations.find(({ verifier }) => verifier === owner);
}
