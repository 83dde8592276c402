/** Governance of a network whose validators are all here: a proposal that each of them votes for. */
import { join } from "node:path";
import type { ChainMessage } from "@r3mes/chain-client";
import type { Participant } from "@r3mes/participant";
import { encodeAddress, encodeUtf8, R3mesError, sha256 } from "@r3mes/protocol";
import { type Proposal, ProposalStatus } from "cosmjs-types/cosmos/gov/v1/gov";
import { QueryProposalRequest, QueryProposalResponse } from "cosmjs-types/cosmos/gov/v1/query";
import { MsgSubmitProposal } from "cosmjs-types/cosmos/gov/v1/tx";
import { Any } from "cosmjs-types/google/protobuf/any";
import { runRemesd } from "../chain/runRemesd.ts";

export interface DecreeOptions {
  readonly remesd: string;
  /** Folder of the localnet, which holds a home for each validator. */
  readonly localnet: string;
  readonly validators: readonly string[];
  readonly rpc: string;
}

/** The account of the governance module is named by the hash of its name. */
export const authority = encodeAddress(sha256(encodeUtf8("gov")).slice(0, 20));

const deposit = { denom: "uremes", amount: "100000000" };
const pollMs = 500;

/** A busy machine may bring the votes when their period is over; then the proposal is put again. */
const attemptsMax = 20;

/** Resolves when the messages have been executed. LOCALNET_FOUNDING_FAILED when the proposal did not pass. */
export async function decree(
  options: DecreeOptions,
  participant: Participant,
  title: string,
  messages: readonly ChainMessage[],
): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    const id = await propose(participant, title, messages);
    for (const validator of options.validators)
      await vote(options, participant.chainId, validator, id);
    const { status, failedReason } = await untilDecided(participant, BigInt(id));
    if (status === ProposalStatus.PROPOSAL_STATUS_PASSED) return;
    const reason = failedReason || "it was not voted through";
    const isLate = status === ProposalStatus.PROPOSAL_STATUS_REJECTED && attempt < attemptsMax;
    if (!isLate) throw new R3mesError({ code: "LOCALNET_FOUNDING_FAILED", proposal: id, reason });
    participant.log.warn({ proposal: id, reason }, "put again");
  }
}

async function propose(
  participant: Participant,
  title: string,
  messages: readonly ChainMessage[],
): Promise<string> {
  const value = MsgSubmitProposal.encode(
    MsgSubmitProposal.fromPartial({
      messages: messages.map((message) => Any.fromPartial(message)),
      initialDeposit: [deposit],
      proposer: participant.address,
      title,
      summary: title,
    }),
  ).finish();
  const { result } = await participant.submit([
    { typeUrl: "/cosmos.gov.v1.MsgSubmitProposal", value },
  ]);
  const id = result.events
    .flatMap(({ attributes }) => attributes)
    .find(({ key }) => key === "proposal_id")?.value;
  if (id !== undefined) return id;
  throw new R3mesError({ code: "NODE_ANSWERED_ERROR", answer: "a proposal without its number" });
}

async function vote(
  { remesd, localnet, rpc }: DecreeOptions,
  chainId: string,
  validator: string,
  id: string,
): Promise<void> {
  const home = ["--home", join(localnet, validator), "--keyring-backend", "test"];
  const where = ["--node", rpc.replace("http://", "tcp://"), "--chain-id", chainId];
  const fees = ["--gas", "500000", "--gas-prices", "0.01uremes", "-y"];
  const from = ["--from", "validator"];
  await runRemesd(remesd, ["tx", "gov", "vote", id, "yes", ...from, ...home, ...where, ...fees]);
}

/** Its votes are counted when their period ends, and its messages are executed then. */
async function untilDecided(participant: Participant, proposalId: bigint): Promise<Proposal> {
  const { rpc, clock, shutdown } = participant;
  const request = QueryProposalRequest.encode({ proposalId }).finish();
  for (;;) {
    shutdown.signal.throwIfAborted();
    const answer = await rpc.query("/cosmos.gov.v1.Query/Proposal", request, 0n);
    const { proposal } = QueryProposalResponse.decode(answer.value);
    if (proposal !== undefined && decided.has(proposal.status)) return proposal;
    await clock.sleep(pollMs, shutdown.signal);
  }
}

const decided: ReadonlySet<ProposalStatus> = new Set([
  ProposalStatus.PROPOSAL_STATUS_PASSED,
  ProposalStatus.PROPOSAL_STATUS_REJECTED,
  ProposalStatus.PROPOSAL_STATUS_FAILED,
]);
