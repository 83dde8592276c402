import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openJournal } from "@r3mes/service";
import { afterEach, expect, test } from "vitest";
import { offerOpening } from "./offerOpening.ts";
import type { VerifierRecord } from "./verifierRecord.ts";

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** A node at a height that writes down what it is asked. */
async function openNode(height: number) {
  const offered: string[] = [];
  const server = createServer(async (request, response) => {
    let text = "";
    for await (const part of request) text += String(part);
    const { method, params } = JSON.parse(text);
    if (method === "broadcast_tx_sync") offered.push(params.tx);
    const status = { sync_info: { latest_block_height: String(height) } };
    response.end(JSON.stringify({ result: method === "status" ? status : { code: 0 } }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  cleanups.push(() => server.close());
  return { offered, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

async function folderOf(node: string, records: readonly VerifierRecord[]) {
  const folder = await mkdtemp(join(tmpdir(), "r3mes-opening-"));
  cleanups.push(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, "config.toml"), `[chain]\nid = "test-1"\nrpc = "${node}"\n`);
  const journal = await openJournal<VerifierRecord>(join(folder, "journal"));
  for (const record of records) await journal.append(record);
  await journal.close();
  return folder;
}

const opening = { bytes: "c0ffee", timeout: "9", signedAt: "12", after: "17", until: "24" };
const promised: VerifierRecord = { kind: "secret", epoch: "3", secret: "ab", opening };

test.each([
  { height: 16, offers: [], why: "the block of the epoch's beginning would refuse it" },
  { height: 17, offers: ["wP/u"], why: "the next block takes it" },
  { height: 23, offers: ["wP/u"], why: "the last block takes it" },
  { height: 24, offers: [], why: "the window has closed" },
])("at height $height: $why", async ({ height, offers }) => {
  const node = await openNode(height);
  const folder = await folderOf(node.url, [{ ...promised, epoch: "2" }, promised]);
  expect(await offerOpening(folder)).toBe(offers.length > 0);
  expect(node.offered).toEqual(offers);
});

test("who has promised nothing, or is asked to start where nothing is, offers nothing", async () => {
  const node = await openNode(20);
  const folder = await folderOf(node.url, []);
  expect(await offerOpening(folder)).toBe(false);
  expect(await offerOpening(join(folder, "nowhere"))).toBe(false);
  expect(node.offered).toEqual([]);
});
