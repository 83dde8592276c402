import { afterEach, expect, test, vi } from "vitest";
import { signIn, signOut, type Wallet } from "./signIn.ts";

afterEach(() => vi.unstubAllGlobals());

const chainId = "remesdev-1";
const address = "remes1visitor";
const signed = {
  pub_key: { type: "tendermint/PubKeySecp256k1", value: "AAAA" },
  signature: "BBBB",
};

/** An API that answers by path, and what it was asked. */
function answering(replies: Readonly<Record<string, { status: number; body: object }>>) {
  const asked: [method: string, path: string, body: unknown, authorization: string | null][] = [];
  vi.stubGlobal("fetch", async (path: string, init: RequestInit) => {
    const { authorization = null } = (init.headers ?? {}) as Record<string, string>;
    const body = init.body === undefined ? undefined : JSON.parse(String(init.body));
    asked.push([init.method ?? "GET", path, body, authorization]);
    const { status, body: reply } = replies[path]!;
    return Response.json(reply, { status });
  });
  return asked;
}

/** Answers of an API that names no node for wallets. */
const unoffered = { "/v1/sign-in/chain": { status: 200, body: { chain: null } } };

function walletThat(signArbitrary: Wallet["signArbitrary"]): Wallet {
  return {
    enable: async () => undefined,
    getKey: async () => ({ bech32Address: address }),
    signArbitrary,
  };
}

test("the wallet signs the text of the API for the account it shows, and a session comes back", async () => {
  const asked = answering({
    ...unoffered,
    "/v1/sign-in/challenge": { status: 200, body: { nonce: "n1", text: "sign me" } },
    "/v1/sign-in": { status: 200, body: { address, key: "r3mes_session" } },
  });
  const seen: string[] = [];
  const wallet = walletThat(async (...said) => {
    seen.push(...said);
    return signed;
  });
  expect(await signIn(wallet, chainId)).toEqual({ address, key: "r3mes_session" });
  expect(seen).toEqual([chainId, address, "sign me"]);
  expect(asked).toEqual([
    ["GET", "/v1/sign-in/chain", undefined, null],
    ["POST", "/v1/sign-in/challenge", { address }, null],
    ["POST", "/v1/sign-in", { nonce: "n1", ...signed }, null],
  ]);
});

test("a wallet that can be told of the chain is told before it is asked for anything", async () => {
  const chain = { chainId, rpc: "https://rpc.example" };
  answering({
    "/v1/sign-in/chain": { status: 200, body: { chain } },
    "/v1/sign-in/challenge": { status: 200, body: { nonce: "n1", text: "sign me" } },
    "/v1/sign-in": { status: 200, body: { address, key: "r3mes_session" } },
  });
  const called: [string, unknown][] = [];
  const wallet: Wallet = {
    ...walletThat(async () => signed),
    experimentalSuggestChain: async (offered) => void called.push(["suggest", offered]),
    enable: async (id) => void called.push(["enable", id]),
  };
  await signIn(wallet, chainId);
  expect(called).toEqual([
    ["suggest", chain],
    ["enable", chainId],
  ]);
  const declining: Wallet = {
    ...wallet,
    experimentalSuggestChain: () => Promise.reject(new Error("Request rejected")),
  };
  await expect(signIn(declining, chainId)).rejects.toThrow("Request rejected");
});

test("while the node is away, a wallet that knows the chain signs in as ever", async () => {
  const away = { message: "no answer", r3mes_code: "NODE_UNREACHABLE" };
  const replies = {
    "/v1/sign-in/challenge": { status: 200, body: { nonce: "n1", text: "sign me" } },
    "/v1/sign-in": { status: 200, body: { address, key: "r3mes_session" } },
  };
  const wallet: Wallet = {
    ...walletThat(async () => signed),
    experimentalSuggestChain: () => Promise.reject(new Error("there is nothing to tell")),
  };
  answering({ ...replies, "/v1/sign-in/chain": { status: 503, body: { error: away } } });
  expect(await signIn(wallet, chainId)).toEqual({ address, key: "r3mes_session" });
  const fault = { ...away, r3mes_code: "RATE_LIMITED" };
  answering({ ...replies, "/v1/sign-in/chain": { status: 429, body: { error: fault } } });
  await expect(signIn(wallet, chainId)).rejects.toMatchObject({ code: "RATE_LIMITED" });
});

test("a visitor who declines signs in nowhere; a refusal is told in the words of the API", async () => {
  const asked = answering({
    ...unoffered,
    "/v1/sign-in/challenge": { status: 200, body: { nonce: "n1", text: "sign me" } },
    "/v1/sign-in": {
      status: 401,
      body: { error: { message: "Not its own", r3mes_code: "SIGN_IN_SIGNATURE_WRONG" } },
    },
  });
  const declining = walletThat(() => Promise.reject(new Error("Request rejected")));
  await expect(signIn(declining, chainId)).rejects.toThrow("Request rejected");
  expect(asked.map(([, path]) => path)).not.toContain("/v1/sign-in");
  const refused = signIn(
    walletThat(async () => signed),
    chainId,
  );
  await expect(refused).rejects.toMatchObject({ code: "SIGN_IN_SIGNATURE_WRONG" });
});

test("signing out ends the session by its own key", async () => {
  const asked = answering({ "/v1/key": { status: 200, body: { kind: "session" } } });
  await signOut("r3mes_session");
  expect(asked).toEqual([["DELETE", "/v1/key", undefined, "Bearer r3mes_session"]]);
});
