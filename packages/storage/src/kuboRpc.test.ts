import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import { collectGarbage } from "./kuboHold.ts";
import { kuboRpc } from "./kuboRpc.ts";
import { kuboStore } from "./kuboStore.ts";

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

/** The address of something that answers every question so. */
async function answering(answer: (response: ServerResponse) => void): Promise<string> {
  const server = createServer((_request, response) => answer(response)).listen(0, "127.0.0.1");
  await once(server, "listening");
  cleanups.push(() => server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test("a Kubo that is killed while it answers was not reached", async () => {
  const url = await answering((response) => {
    response.write('{"Key":{"/":"bafk"}}\n', () => response.destroy());
  });
  await expect(collectGarbage(kuboRpc(url))).rejects.toMatchObject({
    code: "STORE_UNREACHABLE",
    facts: { url },
  });
});

test("what it refuses is told in its own words, as many as fit", async () => {
  const url = await answering((response) => void response.writeHead(500).end("x".repeat(9_000)));
  await expect(collectGarbage(kuboRpc(url))).rejects.toMatchObject({
    code: "STORE_REFUSED",
    facts: { url, command: "repo/gc", answer: "x".repeat(500) },
  });
});

test("something else that answers at the address is no store", async () => {
  const url = await answering((response) => void response.end("<html>It works!</html>"));
  await expect(kuboStore({ url, owner: "one" })).rejects.toMatchObject({
    code: "STORE_REFUSED",
    facts: { url, command: "version", answer: "<html>It works!</html>" },
  });
});
