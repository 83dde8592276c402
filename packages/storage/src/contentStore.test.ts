import { mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MemoryBlockstore } from "blockstore-core";
import { CID } from "multiformats/cid";
import { sha256 } from "multiformats/hashes/sha2";
import { afterEach, expect, test } from "vitest";
import { keepReachable } from "./collectBlocks.ts";
import { contentIdOf, dagPbCodec, parseContentId } from "./contentId.ts";
import type { ContentStore } from "./contentStore.ts";
import { createContentStore } from "./createContentStore.ts";
import { createSwarmKey } from "./createSwarmKey.ts";
import { ipfsStore } from "./ipfsStore.ts";
import { memoryStore } from "./memoryStore.ts";
import { openFileBlocks } from "./openFileBlocks.ts";
import { content, large, largeMax, storeCases } from "./testing/storeCases.ts";

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), "r3mes-storage-"));
  cleanups.push(() => rm(path, { recursive: true, force: true }));
  return path;
}

const swarmKey = createSwarmKey(Uint8Array.from({ length: 32 }, (_, i) => i));

/** A store in a folder that asks nobody else, so that what it lacks is lost. */
async function openFolder(path: string): Promise<ContentStore> {
  const local = await openFileBlocks(path);
  return createContentStore({ local, keepOnly: keepReachable(local) });
}

async function openIpfs(options: { folder?: string; swarmKey?: string } = {}) {
  const store = await ipfsStore({
    folder: options.folder ?? (await folder()),
    listen: ["/ip4/127.0.0.1/tcp/0"],
    swarmKey: options.swarmKey ?? swarmKey,
  });
  cleanups.push(() => store.close());
  return store;
}

const kinds: Record<string, () => Promise<ContentStore>> = {
  memory: async () => memoryStore(),
  disk: async () => openFolder(await folder()),
  ipfs: () => openIpfs(),
};

for (const [kind, open] of Object.entries(kinds)) storeCases(kind, open);

test("a reader has two blocks of a content asked for at a time, and no more", async () => {
  const blocks = new MemoryBlockstore();
  let [asked, most] = [0, 0];
  const local = Object.assign(Object.create(blocks) as MemoryBlockstore, {
    async *get(cid: CID) {
      asked += 1;
      most = Math.max(most, asked);
      await new Promise(setImmediate);
      yield* blocks.get(cid);
      asked -= 1;
    },
  });
  const store = createContentStore({ local, keepOnly: keepReachable(local) });
  const bytes = content(5 * 2 ** 20);
  const id = await store.put(bytes);
  expect(await store.get(id, { bytesMax: bytes.length })).toEqual(bytes);
  expect(most).toBe(2);
});

test("a disk that refuses a block is an error of ours, and the next try is free", async () => {
  const blocks = new MemoryBlockstore();
  let isFull = true;
  const local = Object.assign(Object.create(blocks) as MemoryBlockstore, {
    async put(...block: Parameters<MemoryBlockstore["put"]>) {
      if (isFull) throw new Error("ENOSPC: no space left on device, write");
      return blocks.put(...block);
    },
  });
  const store = createContentStore({ local, keepOnly: keepReachable(local) });
  const full = { code: "CONTENT_NOT_STORED", facts: { reason: expect.stringContaining("ENOSPC") } };
  await expect(store.put(content(9))).rejects.toMatchObject(full);
  await expect(store.putFolder(new Map([["a", content(9)]]))).rejects.toMatchObject(full);
  isFull = false;
  expect(await store.has(await store.put(content(9)))).toBe(true);
});

test("the same bytes have the same address in every store, however they arrive", async () => {
  async function* inPieces() {
    for (let at = 0; at < large.length; at += 70_001) yield large.subarray(at, at + 70_001);
  }
  const ids = new Set<string>();
  for (const open of Object.values(kinds)) ids.add(await (await open()).put(large));
  ids.add(await memoryStore().put(inPieces()));
  expect([...ids]).toMatchInlineSnapshot(`
    [
      "bafybeidc3nvfldotgxvolbmopnc2c4ca7fppnfewkez4dlyhnlt6vrhs74",
    ]
  `);
});

test("a block that rots on disk is found out, and forgotten", async () => {
  const path = await folder();
  const store = await openFolder(path);
  const id = await store.put(content(5000));
  const files = await readdir(path, { recursive: true });
  for (const file of files) {
    if ((await stat(join(path, file))).isFile())
      await writeFile(join(path, file), content(5000, 2));
  }
  await expect(store.get(id, { bytesMax: 5000 })).rejects.toMatchObject({
    code: "CONTENT_CORRUPT",
  });
  await expect(store.get(id, { bytesMax: 5000 })).rejects.toMatchObject({
    code: "CONTENT_UNAVAILABLE",
  });
});

test.each(["disk", "ipfs"])(
  "%s: a block that has rotted is whole again once it is put again",
  async (kind) => {
    const path = await folder();
    const store = kind === "disk" ? await openFolder(path) : await openIpfs({ folder: path });
    const id = await store.put(content(5000));
    for (const file of await readdir(path, { recursive: true })) {
      if (file.endsWith(".data")) await writeFile(join(path, file), "");
    }
    expect(await store.put(content(5000))).toBe(id);
    expect(await store.get(id, { bytesMax: 5000 })).toEqual(content(5000));
  },
);

test("two nodes exchange content, and the receiver keeps it on disk", async () => {
  const sender = await openIpfs();
  const path = await folder();
  const receiver = await openIpfs({ folder: path });
  await receiver.connect(sender.addresses[0]!);
  const id = await sender.put(large);
  expect(await receiver.has(id)).toBe(false);
  const signal = AbortSignal.timeout(50_000);
  expect(Buffer.compare(await receiver.get(id, { ...largeMax, signal }), large)).toBe(0);
  const identity = receiver.addresses[0]!.split("/p2p/")[1];
  await receiver.close();
  const alone = await openIpfs({ folder: path });
  expect(alone.addresses[0]!.split("/p2p/")[1]).toBe(identity);
  expect((await stat(join(path, "identity"))).mode & 0o777).toBe(0o600);
  expect(Buffer.compare(await alone.get(id, largeMax), large)).toBe(0);
});

test("ipfs: a reader whose disk is full says so, and reads on when there is room", async () => {
  const path = await folder();
  const [sender, receiver] = [await openIpfs(), await openIpfs({ folder: path })];
  await receiver.connect(sender.addresses[0]!);
  const [refused, taken] = [await sender.put(content(9)), await sender.put(content(8))];
  const blocks = join(path, "blocks");
  await rm(blocks, { recursive: true });
  // A file where a folder should be refuses a block as a full disk does.
  await writeFile(blocks, "");
  const options = () => ({ bytesMax: 9, signal: AbortSignal.timeout(50_000) });
  await expect(receiver.get(refused, options())).rejects.toMatchObject({
    code: "CONTENT_NOT_STORED",
  });
  await rm(blocks);
  expect(await receiver.get(taken, options())).toEqual(content(8));
});

test("ipfs: who gave up a fetch in the middle of it gets the content by asking again", async () => {
  const [sender, receiver] = [await openIpfs(), await openIpfs()];
  await receiver.connect(sender.addresses[0]!);
  for (let waitMs = 2; waitMs < 16; waitMs += 2) {
    const id = await sender.put(content(1_000, waitMs));
    const hasty = { bytesMax: 1_000, signal: AbortSignal.timeout(waitMs) };
    await receiver.get(id, hasty).catch(() => undefined);
    const again = { bytesMax: 1_000, signal: AbortSignal.timeout(60_000) };
    expect(await receiver.get(id, again)).toHaveLength(1_000);
  }
});

test("content that nobody has is unavailable once the wait is over", async () => {
  const store = await openIpfs();
  const id = await memoryStore().put(content(77));
  await expect(
    store.get(id, { bytesMax: 77, signal: AbortSignal.timeout(200) }),
  ).rejects.toMatchObject({
    code: "CONTENT_UNAVAILABLE",
  });
});

test("a node with another swarm key cannot connect", async () => {
  const store = await openIpfs();
  const stranger = await openIpfs({ swarmKey: createSwarmKey(new Uint8Array(32)) });
  await expect(
    stranger.connect(store.addresses[0]!, AbortSignal.timeout(1_500)),
  ).rejects.toMatchObject({
    code: "PEER_UNREACHABLE",
  });
});

test("only CIDv1 with SHA-256 is an address", () => {
  for (const text of ["", "hello", "QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWnPbdG"]) {
    expect(() => parseContentId(text)).toThrowError(
      expect.objectContaining({ code: "CID_INVALID" }),
    );
  }
});

test("blocks that are no file are corrupt content, whatever a library says of them", async () => {
  const bytes = content(100);
  const blocks = new MemoryBlockstore();
  const cid = CID.createV1(dagPbCodec, await sha256.digest(bytes));
  await blocks.put(cid, bytes);
  const store = createContentStore({ local: blocks, keepOnly: keepReachable(blocks) });
  await expect(store.get(contentIdOf(cid), { bytesMax: 1000 })).rejects.toMatchObject({
    code: "CONTENT_CORRUPT",
  });
});

test("a collection reads the nodes that name pieces, and no piece", async () => {
  const blocks = new MemoryBlockstore();
  const read: number[] = [];
  const local = new Proxy(blocks, {
    get(target, field) {
      if (field !== "get") return Reflect.get(target, field, target).bind(target);
      return (cid: CID) => {
        read.push(cid.code);
        return target.get(cid);
      };
    },
  });
  const keepOnly = keepReachable(local);
  const store = createContentStore({ local: blocks, keepOnly });
  const [kept, small] = [await store.put(large), await store.put(content(9))];
  const gone = await store.put(content(10, 5));
  expect(await keepOnly([kept, small])).toBe(1);
  expect(new Set(read)).toEqual(new Set([dagPbCodec]));
  expect([await store.has(kept), await store.has(small), await store.has(gone)]).toEqual([
    true,
    true,
    false,
  ]);
});
