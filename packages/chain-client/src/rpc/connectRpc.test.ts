import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import { connectRpc } from "./connectRpc.ts";

let server: Server | undefined;

afterEach(() => {
  server?.close();
  server?.closeAllConnections();
});

async function listening(port = 0): Promise<string> {
  await new Promise<void>((resolve) => server!.listen(port, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server!.address() as AddressInfo).port}`;
}

/** A node that answers every call with an error, in the words of CometBFT 0.38. */
function nodeThatSays(data: string, port = 0): Promise<string> {
  server = createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8").on("data", (text) => {
      body += text;
    });
    request.on("end", () => {
      const error = { code: -32603, message: "Internal error", data };
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify({ jsonrpc: "2.0", id: JSON.parse(body).id, error }));
    });
  });
  return listening(port);
}

test.each([
  ["tx already exists in cache", 19],
  ["mempool is full: number of txs 5000 (max: 5000), total txs bytes 1 (max: 1)", 20],
  ["Tx too large. Max size is 1048576, but got 1048577", 21],
])("what the mempool refuses is a refusal of the transaction: %s", async (words, code) => {
  const rpc = await connectRpc(await nodeThatSays(words));
  expect(await rpc.broadcast(new Uint8Array(1))).toEqual({ code, codespace: "sdk", log: words });
});

test.each([
  "could not find results for height #8",
  "height 8 must be less than or equal to the current blockchain height 7",
])("a block that this node does not have yet is waited for: %s", async (words) => {
  const rpc = await connectRpc(await nodeThatSays(words));
  await expect(rpc.block(8n)).rejects.toMatchObject({ code: "BLOCK_NOT_READY" });
  await expect(rpc.blockResults(8n)).rejects.toMatchObject({ code: "BLOCK_NOT_READY" });
});

test("a block that this node has pruned is told as such", async () => {
  const rpc = await connectRpc(
    await nodeThatSays("height 8 is not available, lowest height is 439"),
  );
  await expect(rpc.block(8n)).rejects.toMatchObject({
    code: "BLOCKS_PRUNED",
    facts: { wanted: 8n, earliest: 439n },
  });
});

test("any other error of the node stays one", async () => {
  const rpc = await connectRpc(await nodeThatSays("timed out waiting"));
  await expect(rpc.broadcast(new Uint8Array(1))).rejects.toMatchObject({
    code: "NODE_ANSWERED_ERROR",
  });
});

test.each([
  ["says nothing", () => undefined],
  ["begins an answer and does not end it", (response: ServerResponse) => response.write("{")],
])("a node that %s cannot be reached, as far as anybody can wait for it", async (_how, answer) => {
  server = createServer((_request, response) => void answer(response));
  const rpc = await connectRpc(await listening(), { answerWithinMs: 200 });
  await expect(rpc.status()).rejects.toMatchObject({ code: "NODE_UNREACHABLE" });
});

test("a node that is away until it is asked is reached then", async () => {
  const { port } = new URL(await nodeThatSays(""));
  server!.close();
  const rpc = await connectRpc(`http://127.0.0.1:${port}`);
  await expect(rpc.status()).rejects.toMatchObject({ code: "NODE_UNREACHABLE" });
  await nodeThatSays("there are no blocks", Number(port));
  await expect(rpc.status()).rejects.toMatchObject({ code: "NODE_ANSWERED_ERROR" });
});
