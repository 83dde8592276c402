/** Content in a real Kubo: the cases of every store, what Kubo's own way of keeping means for us, and blocks between it and our nodes. */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createSwarmKey, type IpfsStore, ipfsStore, kuboStore, memoryStore } from "@r3mes/storage";
import { content, large, largeMax, storeCases } from "@r3mes/storage/testing";
import { freePort } from "@r3mes/tools/freePort";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { storeAddress } from "../localnet/storeAddress.ts";
import { builtKubo } from "./findKubo.ts";
import { daemonArguments, kuboEnvironment, prepareKubo } from "./prepareKubo.ts";

const swarmKey = createSwarmKey(Uint8Array.from({ length: 32 }, (_, i) => i));
const ipfs = builtKubo();

interface Kubo {
  readonly url: string;
  readonly address: string;
  kill(): Promise<void>;
  start(): void;
}

const cleanups: (() => Promise<unknown>)[] = [];

async function openKubo(): Promise<Kubo> {
  const folder = await mkdtemp(join(tmpdir(), "r3mes-kubo-"));
  cleanups.push(() => rm(folder, { recursive: true, force: true }));
  const ports = { rpc: await freePort(), swarm: await freePort() };
  const swarmKeyFile = join(folder, "key");
  await writeFile(swarmKeyFile, swarmKey);
  prepareKubo({ ipfs, folder, ports, swarmKeyFile });
  let daemon: ChildProcess | undefined;
  const start = () => {
    daemon = spawn(ipfs, daemonArguments, { env: kuboEnvironment(folder), stdio: "ignore" });
  };
  const kill = async () => {
    const ended = new Promise((resolve) => daemon?.once("exit", resolve));
    daemon?.kill("SIGKILL");
    await ended;
  };
  cleanups.push(kill);
  start();
  return { url: `http://127.0.0.1:${ports.rpc}`, address: storeAddress(ports.swarm), kill, start };
}

const patience = { timeout: 120_000, interval: 200 };

function openStore({ url }: Kubo, owner: string): Promise<IpfsStore> {
  return vi.waitFor(() => kuboStore({ url, owner }), patience);
}

// Building it takes minutes, so the tests of every day go without it.
describe.skipIf(!existsSync(ipfs))("Kubo, as npm run test:kubo builds it", () => {
  let kubo: Kubo;
  const ownerName = () => `case${crypto.randomUUID().replaceAll("-", "")}`;
  beforeAll(async () => {
    kubo = await openKubo();
  });
  afterAll(async () => {
    for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
  });

  storeCases("kubo", () => openStore(kubo, ownerName()));

  test("who shares a Kubo keeps what it holds, whatever the others forget", async () => {
    const [one, other] = [await openStore(kubo, "one"), await openStore(kubo, "other")];
    const both = content(3_000_000, 4);
    const [shared, own] = [await one.put(both), await one.put(content(500, 5))];
    expect(await other.put(both)).toBe(shared);
    await one.keepOnly([]);
    expect([await other.has(shared), await one.has(own)]).toEqual([true, false]);
    await other.keepOnly([]);
    expect(await one.has(shared)).toBe(false);
  });

  test("content goes from our node to a Kubo, and from a Kubo to our node", async () => {
    const inKubo = await openStore(kubo, "peer");
    const folder = await mkdtemp(join(tmpdir(), "r3mes-node-"));
    const node = await ipfsStore({ folder, listen: [storeAddress(0)], swarmKey });
    cleanups.push(() => rm(folder, { recursive: true, force: true }), node.close);
    await node.connect(kubo.address);
    for (const [from, to, seed] of [
      [node, inKubo, 11],
      [inKubo, node, 12],
    ] as const) {
      const bytes = content(2_500_000, seed);
      const id = await from.put(bytes);
      expect(await to.has(id)).toBe(false);
      const signal = AbortSignal.timeout(60_000);
      const found = await to.get(id, { ...largeMax, signal });
      expect(Buffer.compare(found, bytes)).toBe(0);
    }
  });

  test("content that nobody has is unavailable once the wait is over", async () => {
    const store = await openStore(kubo, "waiting");
    const id = await memoryStore().put(content(77, 9));
    const signal = AbortSignal.timeout(1_000);
    await expect(store.get(id, { bytesMax: 77, signal })).rejects.toMatchObject({
      code: "CONTENT_UNAVAILABLE",
    });
  });

  test("a Kubo that is killed loses nothing, and whoever waits for content hears nothing of it", async () => {
    const store = await openStore(kubo, "patient");
    const id = await store.put(large);
    await kubo.kill();
    await expect(store.put(content(10))).rejects.toMatchObject({ code: "STORE_UNREACHABLE" });
    await expect(kuboStore({ url: kubo.url, owner: "late" })).rejects.toMatchObject({
      code: "STORE_UNREACHABLE",
    });
    const waiting = store.get(id, { ...largeMax, signal: AbortSignal.timeout(120_000) });
    kubo.start();
    expect(Buffer.compare(await waiting, large)).toBe(0);
  });
});
