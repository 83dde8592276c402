/**
 * Signing in with a wallet of the browser: it signs a text that the API gives, and the API gives a key for some hours. The wallet's own
 * keys stay in the wallet.
 */
import { ApiError } from "../api/ApiError.ts";
import { sendJson } from "../api/sendJson.ts";

/** What Keplr, and wallets that offer themselves under its name, can do. */
export type Wallet = {
  /** Asks its user to take up a chain; one that it knows already it leaves as it is. Some wallets cannot be told. */
  experimentalSuggestChain?(chain: object): Promise<void>;
  enable(chainId: string): Promise<void>;
  getKey(chainId: string): Promise<{ readonly bech32Address: string }>;
  signArbitrary(
    chainId: string,
    signer: string,
    text: string,
  ): Promise<{
    readonly pub_key: { readonly type: string; readonly value: string };
    readonly signature: string;
  }>;
};

export type Session = { readonly address: string; readonly key: string };

/** The wallet that an extension has put into the page; null without one. */
export function findWallet(): Wallet | null {
  return (globalThis as { readonly keplr?: Wallet }).keplr ?? null;
}

export async function signIn(wallet: Wallet, chainId: string): Promise<Session> {
  const chain = await offeredChain();
  if (chain !== null) await wallet.experimentalSuggestChain?.(chain);
  await wallet.enable(chainId);
  const { bech32Address: address } = await wallet.getKey(chainId);
  const challenge = await sendJson<{ readonly nonce: string; readonly text: string }>(
    "POST",
    "/v1/sign-in/challenge",
    { body: { address } },
  );
  const { pub_key, signature } = await wallet.signArbitrary(chainId, address, challenge.text);
  const body = { nonce: challenge.nonce, pub_key, signature };
  return sendJson<Session>("POST", "/v1/sign-in", { body });
}

/** Null also while the node is away: a wallet that knows the chain already need not be told of it, and signing in needs no node. */
async function offeredChain(): Promise<object | null> {
  try {
    return (await sendJson<{ readonly chain: object | null }>("GET", "/v1/sign-in/chain")).chain;
  } catch (error) {
    if (error instanceof ApiError && error.code === "NODE_UNREACHABLE") return null;
    throw error;
  }
}

/** Ends the session of a key at once. */
export async function signOut(key: string): Promise<void> {
  await sendJson("DELETE", "/v1/key", { key });
}

/** Credits that the account of a key may still spend. */
export async function readCredits(key: string): Promise<number> {
  return (await sendJson<{ readonly credits: number }>("GET", "/v1/account", { key })).credits;
}
