/** Whoever knows cosmjs and nothing of this project can hold, stake, vote and be paid on a real chain. */
import { type OfflineAminoSigner, Secp256k1HdWallet } from "@cosmjs/amino";
import { DirectSecp256k1HdWallet, type OfflineDirectSigner } from "@cosmjs/proto-signing";
import { assertIsDeliverTxSuccess, GasPrice, SigningStargateClient } from "@cosmjs/stargate";
import { chainMessage, createSubmitter, sendMessage } from "@r3mes/chain-client";
import { MsgSetOperatorSchema } from "@r3mes/protocol/messages";
import { systemClock } from "@r3mes/service";
import { TextProposal } from "cosmjs-types/cosmos/gov/v1beta1/gov";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { createKey, type Key } from "./createActor.ts";
import { chainId, type RunningChain, startChain } from "./startChain.ts";

const purse = 100_000_000n;
const coin = (uremes: number) => ({ denom: "uremes", amount: String(uremes) });

type Wallet = OfflineDirectSigner | OfflineAminoSigner;

/** Two ways of signing: what a browser's wallet signs, and what a hardware wallet can show. */
const kinds = ["protobuf", "amino"] as const;
const wallets = new Map<string, Wallet>();
let ours: Key;
let chain: RunningChain;

beforeAll(async () => {
  const options = { prefix: "remes" };
  wallets.set("protobuf", await DirectSecp256k1HdWallet.generate(12, options));
  wallets.set("amino", await Secp256k1HdWallet.generate(12, options));
  ours = await createKey();
  const addresses = await Promise.all([...wallets.values()].map(addressOf));
  const accounts = new Map([...addresses, ours.address].map((address) => [address, purse]));
  chain = await startChain({ accounts, blockMs: 300 });
});

afterAll(() => chain?.stop());

async function addressOf(wallet: Wallet): Promise<string> {
  const [account] = await wallet.getAccounts();
  return account!.address;
}

test.each(kinds)("cosmjs sends, delegates, proposes, votes and withdraws with %s", async (kind) => {
  const wallet = wallets.get(kind)!;
  const address = await addressOf(wallet);
  const client = await SigningStargateClient.connectWithSigner(chain.url, wallet, {
    gasPrice: GasPrice.fromString("0.001uremes"),
    broadcastPollIntervalMs: 200,
  });
  try {
    const other = (
      await (await DirectSecp256k1HdWallet.generate(12, { prefix: "remes" })).getAccounts()
    )[0]!.address;
    assertIsDeliverTxSuccess(await client.sendTokens(address, other, [coin(5_000)], 1.6));
    expect(await client.getBalance(other, "uremes")).toEqual(coin(5_000));

    const { validators } = JSON.parse(await chain.ask("staking", "validators"));
    const validator = validators[0].operator_address as string;
    assertIsDeliverTxSuccess(
      await client.delegateTokens(address, validator, coin(40_000_000), 1.6),
    );
    expect(await client.getDelegation(address, validator)).toEqual(coin(40_000_000));

    const proposed = await client.signAndBroadcast(address, [textProposal(address)], 1.6);
    assertIsDeliverTxSuccess(proposed);
    const proposalId = proposed.events
      .find(({ type }) => type === "submit_proposal")!
      .attributes.find(({ key }) => key === "proposal_id")!.value;
    const vote = { proposalId: BigInt(proposalId), voter: address, option: 1 };
    const cast = { typeUrl: "/cosmos.gov.v1beta1.MsgVote", value: vote };
    assertIsDeliverTxSuccess(await client.signAndBroadcast(address, [cast], 1.6));
    // What was delegated is counted, once the vote is over.
    await vi.waitFor(
      async () => {
        const { proposal } = JSON.parse(await chain.ask("gov", "proposal", proposalId));
        expect(proposal.final_tally_result.yes_count).toBe("40000000");
      },
      { timeout: 180_000, interval: 500 },
    );

    const withdrawn = await client.withdrawRewards(address, validator, 1.6);
    assertIsDeliverTxSuccess(withdrawn);
    expect(withdrawn.events.map(({ type }) => type)).toContain("withdraw_rewards");
  } finally {
    client.disconnect();
  }
});

test("cosmjs is told why a transaction is refused", async () => {
  const wallet = wallets.get("protobuf")!;
  const address = await addressOf(wallet);
  const client = await SigningStargateClient.connectWithSigner(chain.url, wallet);
  const free = { amount: [], gas: "200000" };
  await expect(client.sendTokens(address, address, [coin(1)], free)).rejects.toThrow(
    "insufficient fee",
  );
  client.disconnect();
});

test("bytes that a block holds already are found there by whoever offers them again", async () => {
  const { signer, address } = ours;
  const options = { chainId, address, lifetimeMs: 60_000 };
  const submitter = createSubmitter(
    { ...options, pollMs: 100, gasMarginPercent: 50 },
    { rpc: chain.rpc, signer, sleep: systemClock.sleep },
  );
  const signed = await submitter.sign([sendMessage(address, address, 1n)]);
  const included = await submitter.resume(signed);
  expect(await submitter.resume(signed)).toEqual(included);
});

test("a hardware wallet signs unordered transactions of ours by their text", async () => {
  const signer = wallets.get("amino")!;
  const address = await addressOf(signer);
  const options = { chainId, address, lifetimeMs: 60_000 };
  const submitter = createSubmitter(
    { ...options, pollMs: 100, gasMarginPercent: 50 },
    { rpc: chain.rpc, signer, sleep: systemClock.sleep },
  );
  const message = chainMessage(MsgSetOperatorSchema, { owner: address, operator: ours.address });
  const { result } = await submitter.submit([message, message]);
  expect(result.code).toBe(0);
});

function textProposal(proposer: string) {
  const content = {
    typeUrl: "/cosmos.gov.v1beta1.TextProposal",
    value: TextProposal.encode({ title: "A title", description: "What is proposed." }).finish(),
  };
  const value = { content, initialDeposit: [coin(10_000_000)], proposer };
  return { typeUrl: "/cosmos.gov.v1beta1.MsgSubmitProposal", value };
}
