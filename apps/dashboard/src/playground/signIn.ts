/**
 * Signing in with a wallet of the browser: it signs a text that the API gives, and the API gives a key for some hours. The wallet's own
 * keys stay in the wallet.
 */
import { faultOf, unreachable } from "../api/fetchJson.ts";

/** What Keplr, and wallets that offer themselves under its name, can do. */
export type Wallet = {
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
  await wallet.enable(chainId);
  const { bech32Address: address } = await wallet.getKey(chainId);
  const challenge = await send<{ readonly nonce: string; readonly text: string }>(
    "POST",
    "/v1/sign-in/challenge",
    { address },
  );
  const { pub_key, signature } = await wallet.signArbitrary(chainId, address, challenge.text);
  return send<Session>("POST", "/v1/sign-in", { nonce: challenge.nonce, pub_key, signature });
}

/** Ends the session of a key at once. */
export async function signOut(key: string): Promise<void> {
  await send("DELETE", "/v1/key", undefined, key);
}

/** Credits that the account of a key may still spend. */
export async function readCredits(key: string): Promise<number> {
  return (await send<{ readonly credits: number }>("GET", "/v1/account", undefined, key)).credits;
}

async function send<Reply>(
  method: string,
  path: string,
  body?: object,
  key?: string,
): Promise<Reply> {
  const response = await fetch(path, {
    method,
    headers: {
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  }).catch((error) => {
    throw unreachable(error);
  });
  if (!response.ok) throw await faultOf(response);
  return (await response.json()) as Reply;
}
