/** From an empty chain to an open pool: what governance and a sponsor say, taken as said. Returns the number of the pool. */
import { type ChainMessage, chainMessage } from "@r3mes/chain-client";
import { encodeAddress, encodeUtf8, sha256 } from "@r3mes/protocol";
import {
  MsgOpenPoolSchema,
  MsgProposeDatasetSchema,
  MsgRegisterModelSchema,
  MsgRegisterRefereeSchema,
  MsgSetDatasetStatusSchema,
  MsgSetPoolWeightSchema,
  Status,
} from "@r3mes/protocol/messages";
import { type Devices, hyperparameters } from "./prepareDevices.ts";
import type { SimulatedNode } from "./simulatedNode.ts";

export interface Founding {
  readonly sponsor: string;
  readonly rounds: number;
  readonly chunksPerRound: number;
}

const remes = 1_000_000n;

export function foundSimulatedNetwork(
  { sponsor, rounds, chunksPerRound }: Founding,
  node: SimulatedNode,
  { referee, model, dataset }: Devices,
): bigint {
  const authority = encodeAddress(sha256(encodeUtf8("gov")).slice(0, 20));
  const steps: readonly (readonly ChainMessage[])[] = [
    [
      chainMessage(MsgProposeDatasetSchema, {
        provider: sponsor,
        royaltyAddress: sponsor,
        ...dataset,
      }),
    ],
    [
      chainMessage(MsgRegisterRefereeSchema, { authority, module: referee }),
      chainMessage(MsgRegisterModelSchema, { authority, model }),
      chainMessage(MsgSetDatasetStatusSchema, { authority, id: 1n, status: Status.APPROVED }),
    ],
    [
      chainMessage(MsgOpenPoolSchema, {
        sponsor,
        modelId: 1n,
        datasetId: 1n,
        hyperparameters,
        chunksPerRound,
        rounds,
        trainingBlocks: 40,
        leaseBlocks: 20,
        submissionsMin: 1,
        budget: 100n * remes * BigInt(rounds * chunksPerRound),
      }),
    ],
    [chainMessage(MsgSetPoolWeightSchema, { authority, poolId: 1n, emissionWeightPpm: 1_000_000 })],
  ];
  for (const messages of steps) node.decree(messages);
  return 1n;
}
