import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { openTimingClient } from "./openTimingClient.ts";

async function setup(listener: RequestListener) {
  const server = createServer(listener).listen(0, "127.0.0.1");
  await once(server, "listening");
  const client = openTimingClient();
  onTestFinished(() => {
    client.process.kill("SIGKILL");
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { client, request: { url: `http://127.0.0.1:${port}`, key: "", body: {} } };
}

test("an answer that nobody measures any more fails, and so does the next", async () => {
  const { client, request } = await setup(() => void client.process.kill("SIGKILL"));
  await expect(client.ask(request)).rejects.toThrow("has ended (SIGKILL)");
  await expect(client.ask(request)).rejects.toThrow("has ended (SIGKILL)");
});

test("a refusal is no answer to measure", async () => {
  const { client, request } = await setup((_, reply) => void reply.writeHead(503).end("busy"));
  await expect(client.ask(request)).rejects.toThrow("has ended (exit code 1)");
});

test("times of an answer come back", async () => {
  const { client, request } = await setup((_, reply) => {
    reply.write('data: {"delta":{"content":"a"}}\n\n');
    reply.end('data: {"delta":{"content":"b"},"usage":{"completion_tokens":2}}\n\n');
  });
  const { firstMs } = await client.ask(request);
  expect(firstMs).toBeGreaterThan(0);
});
