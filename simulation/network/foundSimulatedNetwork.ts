/** From an empty chain to an open pool: what governance and a sponsor say, taken as said. Returns the number of the pool. */
import type { Client } from "@connectrpc/connect";
import { type ChainMessage, chainMessage } from "@r3mes/chain-client";
import { encodeAddress, encodeUtf8, sha256 } from "@r3mes/protocol";
import {
  MsgOpenPoolSchema,
  MsgProposeDatasetSchema,
  MsgRegisterModelSchema,
  MsgRegisterRefereeSchema,
  MsgSetDatasetStatusSchema,
  MsgSetPoolWeightSchema,
  MsgUpdateParamsSchema,
  type Params,
  type Query,
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

export async function foundSimulatedNetwork(
  { sponsor, rounds, chunksPerRound }: Founding,
  { node, query }: { readonly node: SimulatedNode; readonly query: Client<typeof Query> },
  { referee, model, dataset }: Devices,
): Promise<bigint> {
  const authority = encodeAddress(sha256(encodeUtf8("gov")).slice(0, 20));
  const { params } = await query.params({});
  const ofDev = params!.params!;
  const steps: readonly (readonly ChainMessage[])[] = [
    [chainMessage(MsgUpdateParamsSchema, { authority, params: shortened(ofDev) })],
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
        trainingBlocks: 20,
        leaseBlocks: 12,
        submissionsMin: 1,
        budget: 100n * remes * BigInt(rounds * chunksPerRound),
      }),
    ],
    [chainMessage(MsgSetPoolWeightSchema, { authority, poolId: 1n, emissionWeightPpm: 1_000_000 })],
  ];
  for (const messages of steps) node.decree(messages);
  return 1n;
}

/**
 * The windows of a localnet give a busy machine time to come back. Here nobody is away for longer than a failure lasts, and whoever waits for
 * a window to end simulates blocks in which nothing happens.
 */
function shortened(params: Params): Params {
  const { beacon, round, dispute } = params;
  return {
    ...params,
    beacon: { ...beacon!, epochBlocks: 12, revealBlocks: 11 },
    round: {
      ...round!,
      openingBlocks: 20,
      verdictCommitBlocks: 30,
      verdictRevealBlocks: 20,
      attestBlocks: 20,
    },
    dispute: { ...dispute!, clockBlocks: 24 },
  };
}
