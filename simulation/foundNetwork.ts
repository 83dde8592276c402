/** From an empty chain to an open pool, by real transactions: referee, model and dataset by governance, bonds by their owners. */
import { type ChainMessage, chainMessage } from "@r3mes/chain-client";
import { readRefereeModule } from "@r3mes/engine/node";
import { encodeAddress, encodeUtf8, sha256 } from "@r3mes/protocol";
import {
  MsgBondSchema,
  MsgOpenPoolSchema,
  MsgProposeDatasetSchema,
  MsgRegisterModelSchema,
  MsgRegisterRefereeSchema,
  MsgSetDatasetStatusSchema,
  MsgSetOperatorSchema,
  MsgSetPoolWeightSchema,
  Role,
  Status,
} from "@r3mes/protocol/messages";
import { systemClock } from "@r3mes/service";
import type { ContentStore } from "@r3mes/storage";
import { MsgSubmitProposal } from "cosmjs-types/cosmos/gov/v1/tx";
import { Any } from "cosmjs-types/google/protobuf/any";
import type { Actor } from "./createActor.ts";
import { publishDataset, publishModel } from "./publishModel.ts";
import type { RunningChain } from "./startChain.ts";

export const remes = 1_000_000n;

export interface Founders {
  readonly sponsor: Actor;
  readonly miners: readonly Actor[];
  readonly verifiers: readonly Actor[];
}

/** Returns the number of the pool. */
export async function foundNetwork(
  chain: RunningChain,
  founders: Founders,
  store: ContentStore,
): Promise<bigint> {
  const { sponsor } = founders;
  const authority = moduleAddress("gov");
  const referee = readRefereeModule();
  const { model, vocabulary } = await publishModel(store, sha256(referee));
  const dataset = await publishDataset(store, vocabulary);
  await Promise.all([
    ...founders.miners.map((miner) => enter(miner, Role.MINER, 4_000n * remes)),
    ...founders.verifiers.map((verifier) => enter(verifier, Role.VERIFIER, 10_000n * remes)),
  ]);
  await sponsor.submit([
    chainMessage(MsgProposeDatasetSchema, {
      provider: sponsor.address,
      royaltyAddress: sponsor.address,
      ...dataset,
    }),
  ]);
  await decree(chain, sponsor, 1, [
    chainMessage(MsgRegisterRefereeSchema, { authority, module: referee }),
    chainMessage(MsgRegisterModelSchema, { authority, model }),
    chainMessage(MsgSetDatasetStatusSchema, { authority, id: 1n, status: Status.APPROVED }),
  ]);
  await sponsor.submit([
    chainMessage(MsgOpenPoolSchema, {
      sponsor: sponsor.address,
      modelId: 1n,
      datasetId: 1n,
      hyperparameters: {
        localSteps: 4,
        learningRates: [100_000],
        density: 90,
        outerMomentum: 128,
        outerLearningRate: 640,
      },
      chunksPerRound: 3,
      rounds: 3,
      trainingBlocks: 30,
      leaseBlocks: 25,
      submissionsMin: 1,
      budget: 900n * remes,
    }),
  ]);
  await decree(chain, sponsor, 2, [
    chainMessage(MsgSetPoolWeightSchema, { authority, poolId: 1n, emissionWeightPpm: 1_000_000 }),
  ]);
  return 1n;
}

/** Owner and operator are one key here; they may be two. */
async function enter(actor: Actor, role: Role, amount: bigint): Promise<void> {
  await actor.submit([
    chainMessage(MsgSetOperatorSchema, { owner: actor.address, operator: actor.address }),
    chainMessage(MsgBondSchema, { owner: actor.address, role, amount }),
  ]);
}

/** The account of a module is named by the hash of the module's name. */
function moduleAddress(name: string): string {
  return encodeAddress(sha256(encodeUtf8(name)).slice(0, 20));
}

/** A proposal that the only validator passes. */
async function decree(
  chain: RunningChain,
  proposer: Actor,
  number: number,
  messages: readonly ChainMessage[],
): Promise<void> {
  const value = MsgSubmitProposal.encode(
    MsgSubmitProposal.fromPartial({
      messages: messages.map((message) => Any.fromPartial(message)),
      initialDeposit: [{ denom: "uremes", amount: "100000000" }],
      proposer: proposer.address,
      title: "found the network",
      summary: "registers what the first pool needs",
    }),
  ).finish();
  await proposer.submit([{ typeUrl: "/cosmos.gov.v1.MsgSubmitProposal", value }]);
  const fees = ["--gas", "500000", "--gas-prices", "0.01uremes"];
  await chain.sendAsValidator("gov", "vote", String(number), "yes", ...fees);
  for (let attempt = 0; attempt < 300; attempt += 1) {
    const answer = await chain.ask("gov", "proposal", String(number));
    if (answer.includes("PROPOSAL_STATUS_PASSED")) return;
    if (/REJECTED|FAILED/.test(answer)) throw new Error(`the proposal ended badly: ${answer}`);
    await systemClock.sleep(200);
  }
  throw new Error("the proposal did not end");
}
