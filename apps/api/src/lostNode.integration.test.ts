/** The node goes away: the API says that it is not ready and why, goes on with what needs no node, and is ready again by itself. */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startApi, type TestApi } from "./testing/startApi.ts";

const hash = "3C".repeat(32);
/** Of the newest block; negative if it was made by a clock that is ahead of this machine's. */
let blockAgeMs = 0;
/** What CometBFT 0.38 answers to `status`; blocks it has none yet. */
const status = {
  node_info: {
    ...{ id: "aa", listen_addr: "tcp://127.0.0.1:1", network: "remestest-1", version: "0.38.0" },
    ...{ channels: "40", moniker: "validator", other: { tx_index: "on", rpc_address: "" } },
    protocol_version: { p2p: "8", block: "11", app: "0" },
  },
  sync_info: {
    ...{ latest_block_hash: hash, latest_app_hash: hash, latest_block_height: "7" },
    catching_up: false,
    get latest_block_time() {
      return new Date(Date.now() - blockAgeMs).toISOString();
    },
    ...{ earliest_block_hash: hash, earliest_app_hash: hash, earliest_block_height: "7" },
    earliest_block_time: "2026-11-27T13:00:00.000000001Z",
  },
  validator_info: {
    address: "3C".repeat(20),
    pub_key: { type: "tendermint/PubKeyEd25519", value: Buffer.alloc(32).toString("base64") },
    voting_power: "1",
  },
};

async function startNode(port = 0): Promise<Server> {
  const server = createServer(async (request, response) => {
    const asked = JSON.parse(Buffer.concat(await request.toArray()).toString());
    const error = { code: -32603, message: "Internal error", data: "there are no blocks" };
    const answer = asked.method === "status" ? { result: status } : { error };
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ jsonrpc: "2.0", id: asked.id, ...answer }));
  });
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  return server;
}

let node: Server;
let port: number;
let api: TestApi;
beforeAll(async () => {
  node = await startNode();
  port = (node.address() as AddressInfo).port;
  const rpc = `http://127.0.0.1:${port}`;
  api = await startApi({ chain: { rpc }, wallet: { rpc, rest: rpc } });
});
afterAll(async () => {
  node.close();
  await api.close();
});

async function readiness(of = "node") {
  const reply = await fetch(new URL("/readyz", api.baseUrl));
  const report = (await reply.json()) as {
    status: string;
    checks: { name: string; detail: string }[];
  };
  const detail = report.checks.find(({ name }) => name === of)?.detail;
  return { status: [reply.status, report.status], [of]: detail };
}

test("without its node the API is not ready, and says why; with it, it is again", async () => {
  expect(await readiness()).toEqual({ status: [200, "ok"], node: "height 7" });
  node.closeAllConnections();
  await new Promise((resolve) => node.close(resolve));
  const away = await readiness();
  expect(away.status).toEqual([503, "failed"]);
  expect(away.node).toContain(String(port));

  // What needs the node says so, and what does not goes on.
  const wallet = await fetch(`${api.baseUrl}/sign-in/chain`);
  const unreachable = { error: { r3mes_code: "NODE_UNREACHABLE" } };
  expect([wallet.status, await wallet.json()]).toMatchObject([503, unreachable]);
  const told = await fetch(new URL("/explorer/v1/status", api.baseUrl));
  expect([told.status, await told.json()]).toMatchObject([200, { chainHeight: null }]);
  const asked = { model: "genesis", prompt: "In the beginning", max_tokens: 2 };
  expect((await api.ask("/completions", asked)).status).toBe(200);
  expect((await fetch(new URL("/livez", api.baseUrl))).status).toBe(200);

  node = await startNode(port);
  await expect.poll(() => readiness()).toEqual({ status: [200, "ok"], node: "height 7" });
});

test("while the index stands still the API says so, and stays ready for what needs none", async () => {
  status.sync_info.latest_block_height = "28";
  const behind = { status: [200, "degraded"], index: "28 blocks behind the node" };
  expect(await readiness("index")).toEqual(behind);
  status.sync_info.latest_block_height = "7";
  expect(await readiness("index")).toEqual({ status: [200, "ok"], index: "height 0" });
});

test("a clock that is hours behind the chain is told of, and answers go on", async () => {
  blockAgeMs = -5 * 3_600_000;
  const told = await readiness("clock");
  expect(told.status).toEqual([200, "degraded"]);
  expect(told.clock).toMatch(/^\d+ s behind the newest block$/);
  blockAgeMs = 0;
  const right = { status: [200, "ok"], clock: "agrees with the newest block" };
  expect(await readiness("clock")).toEqual(right);
});
