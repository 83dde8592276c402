/** A wallet that nobody knows signs in at the API of a real chain, asks, rotates its key, and gets tokens of the faucet. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createKeyFile, openKeyFile } from "@r3mes/participant/process";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startApi, type TestApi } from "../apps/api/src/testing/startApi.ts";
import { testWallet } from "../apps/api/src/testing/testWallet.ts";
import { type RunningChain, startChain } from "./startChain.ts";

let folder: string;
let chain: RunningChain;
let api: TestApi;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "r3mes-wallet-"));
  const keyFile = join(folder, "faucet.json");
  await createKeyFile(keyFile, "password");
  const { address } = await openKeyFile(keyFile, "password");
  chain = await startChain({ accounts: new Map([[address, 50_000_000n]]), blockMs: 500 });
  api = await startApi({
    chain: { rpc: chain.url },
    wallet: { rpc: "https://rpc.example", rest: "https://rest.example" },
    accounts: { welcomeCredits: 1_000, domain: "api.example" },
    faucet: { keyFile, password: "password", uremes: 3_000_000, cooldownS: 600 },
  });
});

afterAll(async () => {
  await api?.close();
  await chain?.stop();
  await rm(folder, { recursive: true, force: true });
});

/** Calls a route with a key, or with none. */
async function call(path: string, init: { key?: string; body?: object; method?: string } = {}) {
  const { key, body, method = body === undefined ? "GET" : "POST" } = init;
  const response = await fetch(`${api.baseUrl}${path}`, {
    method,
    headers: {
      ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
      ...(body === undefined ? {} : { "content-type": "application/json" }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const reply = JSON.parse(await response.text());
  return { status: response.status, reply, code: reply.error?.r3mes_code, response };
}

async function signIn(wallet: Awaited<ReturnType<typeof testWallet>>) {
  const { address } = wallet;
  const { reply } = await call("/sign-in/challenge", { body: { address } });
  const answer = { nonce: reply.nonce, ...(await wallet.signArbitrary(reply.text)) };
  return { text: reply.text as string, answer, ...(await call("/sign-in", { body: answer })) };
}

test("a signature opens an account, its keys ask and are rotated, and its credit falls by what they used", async () => {
  const wallet = await testWallet();
  const { text, answer, reply: session } = await signIn(wallet);
  expect(text).toContain("api.example");
  expect(text).toContain("Chain: remesdev-1");
  expect(session).toMatchObject({ address: wallet.address, record: { kind: "session" } });
  expect(await call("/sign-in", { body: answer })).toMatchObject({
    status: 401,
    code: "SIGN_IN_UNKNOWN",
  });
  const { reply: made } = await call("/keys", { key: session.key, body: { label: "mine" } });
  const ask = (key: string) =>
    call("/chat/completions", {
      key,
      body: {
        model: "genesis",
        messages: [{ role: "user", content: "In the beginning" }],
        max_tokens: 3,
      },
    });
  const { reply: answered } = await ask(made.key);
  const { reply: account } = await call("/account", { key: session.key });
  expect(account).toMatchObject({ address: wallet.address, reserved: 0 });
  expect(account.credits).toBe(1_000 - answered.usage.total_tokens);
  expect(account.entries.map((entry: { kind: string }) => entry.kind)).toEqual(["spend", "grant"]);
  const { reply: rotated } = await call(`/keys/${made.record.id}/rotate`, {
    key: session.key,
    body: {},
  });
  expect(await ask(made.key)).toMatchObject({ status: 401, code: "KEY_ROTATED" });
  expect((await ask(rotated.key)).status).toBe(200);
  await call("/key", { key: session.key, method: "DELETE" });
  expect(await call("/keys", { key: session.key })).toMatchObject({
    status: 401,
    code: "KEY_REVOKED",
  });
});

test("a wallet that does not know the chain is told of it, with the least price of gas", async () => {
  const { status, reply } = await call("/sign-in/chain");
  expect(status).toBe(200);
  expect(reply.chain).toMatchObject({
    chainId: "remesdev-1",
    rpc: "https://rpc.example",
    rest: "https://rest.example",
    bech32Config: { bech32PrefixAccAddr: "remes" },
    stakeCurrency: { coinMinimalDenom: "uremes", coinDecimals: 6 },
  });
  const { params } = JSON.parse(await chain.ask("remes", "params"));
  const [{ gasPriceStep }] = reply.chain.feeCurrencies;
  expect(gasPriceStep.low * 1_000_000).toBeCloseTo(Number(params.params.block.gas_price_min), 6);
});

test("the faucet sends once, and says when it will again", async () => {
  const { address } = await testWallet();
  const gifts = await Promise.all([1, 2, 3].map(() => call("/faucet", { body: { address } })));
  expect(gifts.map(({ status }) => status).sort()).toEqual([200, 429, 429]);
  const given = gifts.find(({ status }) => status === 200)!;
  expect(given.reply).toMatchObject({ address, uremes: "3000000" });
  const refused = gifts.find(({ status }) => status === 429)!;
  expect(refused.code).toBe("FAUCET_WAIT");
  expect(Number(refused.response.headers.get("retry-after"))).toBeGreaterThan(500);
  const { balances } = JSON.parse(await chain.ask("bank", "balances", address));
  expect(balances).toEqual([{ denom: "uremes", amount: "3000000" }]);
  const { reply } = await call("/faucet");
  expect(reply).toMatchObject({ chain_id: "remesdev-1", uremes_left: "997000000" });
});
