/** How the faucet sends: one transfer, signed once, its bytes followed to their end. */
import {
  type ChainRpc,
  createSubmitter,
  type Inclusion,
  type SignedTransaction,
  type Submitter,
  sendMessage,
} from "@r3mes/chain-client";
import type { Key } from "@r3mes/participant";
import type { Clock } from "@r3mes/service";

export interface FaucetChain {
  chainId(): Promise<string>;
  /** Bytes that send so much to an address. Nothing has left yet. */
  sign(address: string, uremes: bigint): Promise<SignedTransaction>;
  /** Offers the bytes until a block holds them, or fails with the reason why none will. */
  finish(signed: SignedTransaction): Promise<Inclusion>;
}

/** A transaction that no block took by then is dead, by the chain's own time. */
export const lifetimeMs = 30_000;
const pollMs = 500;
const gasMarginPercent = 50;

export function faucetChain(
  { signer, address: from }: Key,
  { rpc, clock }: { readonly rpc: ChainRpc; readonly clock: Clock },
): FaucetChain {
  let submitter: Submitter | undefined;
  const chainId = async () => (await rpc.status()).chainId;
  async function open(): Promise<Submitter> {
    const options = { address: from, lifetimeMs, pollMs, gasMarginPercent };
    submitter ??= createSubmitter(
      { ...options, chainId: await chainId() },
      { rpc, signer, sleep: clock.sleep },
    );
    return submitter;
  }
  return {
    chainId,
    sign: async (address, uremes) => (await open()).sign([sendMessage(from, address, uremes)]),
    finish: async (signed) => (await open()).resume(signed),
  };
}
