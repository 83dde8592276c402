import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import { validatorSpec } from "./validatorSpec.ts";

let server: Server | null = null;
afterEach(() => {
  server?.close();
  server = null;
});

/** Answers as a node does that is at a height. */
async function startNode(id: string, height: number): Promise<number> {
  const status = {
    node_info: { id, network: "r3mes-local-1" },
    sync_info: {
      latest_block_height: String(height),
      latest_block_time: "2026-11-28T12:00:00.000000001Z",
    },
  };
  const netInfo = { n_peers: "1" };
  server = createServer((request, response) => {
    response.end(JSON.stringify({ result: request.url === "/status" ? status : netInfo }));
  });
  await new Promise<void>((done) => server!.listen(0, "127.0.0.1", done));
  return (server.address() as AddressInfo).port;
}

async function isReady(rpc: number): Promise<boolean> {
  const ports = { p2p: 1, rpc, grpc: 1, rest: 1 };
  const validator = { name: "validator-1", nodeId: "aa11", ports };
  const spec = validatorSpec("remesd", "/localnet", "info", validator, async () => true);
  return spec.isReady(new AbortController().signal);
}

test("a validator is ready once it has a block", async () => {
  expect(await isReady(await startNode("aa11", 1))).toBe(true);
});

test("a validator without a block is not ready", async () => {
  expect(await isReady(await startNode("aa11", 0))).toBe(false);
});

test("the node of another localnet at its port does not make a validator ready", async () => {
  expect(await isReady(await startNode("bb22", 9))).toBe(false);
});
