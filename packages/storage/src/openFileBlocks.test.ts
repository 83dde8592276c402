import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { base32upper } from "multiformats/bases/base32";
import { CID } from "multiformats/cid";
import { sha256 } from "multiformats/hashes/sha2";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openFileBlocks } from "./openFileBlocks.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "r3mes-blocks-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const block = Uint8Array.from({ length: 1_000 }, (_, i) => i);
const cid = CID.createV1(0x55, await sha256.digest(block));

async function files(): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const found = entries.filter((entry) => entry.isFile());
  return found.map(({ parentPath, name }) => relative(folder, join(parentPath, name)));
}

const openFiles = async () => (await readdir("/proc/self/fd")).length;

test.runIf(process.platform === "linux")(
  "a read that is given up leaves no file open",
  async () => {
    const blocks = await openFileBlocks(folder);
    await blocks.put(cid, block);
    const before = await openFiles();
    const readings = Array.from({ length: 50 }, async () => {
      const reader = new AbortController();
      const parts = blocks.get(cid, { signal: reader.signal })[Symbol.asyncIterator]();
      const first = parts.next();
      reader.abort();
      await first.catch(() => undefined);
      await parts.return(undefined);
    });
    await Promise.all(readings);
    await expect.poll(openFiles).toBeLessThanOrEqual(before);
  },
);

test("a block that cannot be written leaves nothing beside its place", async () => {
  const blocks = await openFileBlocks(folder);
  await blocks.put(cid, block);
  const [place] = await files();
  await rm(join(folder, place!));
  await mkdir(join(folder, place!, "in the way"), { recursive: true });
  await expect((async () => blocks.put(cid, block))()).rejects.toThrow();
  expect(await files()).toEqual([]);
});

test("what a process left unfinished that was killed is gone once the next one opens", async () => {
  const left = join(folder, "unfinished", "left");
  await mkdir(join(folder, "unfinished"));
  await writeFile(left, "ha");
  await openFileBlocks(folder);
  expect(await files()).toHaveLength(1);
  await utimes(left, 0, 0);
  await openFileBlocks(folder);
  expect(await files()).toEqual([]);
});

test("a block is written by as many as will at once, and stays one file", async () => {
  const blocks = await openFileBlocks(folder);
  await Promise.all(Array.from({ length: 8 }, () => blocks.put(cid, block)));
  await Promise.all(Array.from({ length: 8 }, () => blocks.putFetched(cid, block)));
  expect(await files()).toHaveLength(1);
});

test("a block lies where earlier stores have it, is listed by its hash, and is gone once deleted", async () => {
  const blocks = await openFileBlocks(folder);
  await blocks.put(cid, block);
  await writeFile(join(folder, "a note"), "of somebody else");
  const name = base32upper.encode(cid.multihash.bytes);
  const [place] = (await files()).filter((file) => file !== "a note");
  expect(place).toBe(`${name.slice(-2)}/${name}.data`);
  const listed: Uint8Array[] = [];
  for await (const found of blocks.getAll()) listed.push(found.cid.multihash.bytes);
  expect(listed).toEqual([cid.multihash.bytes]);
  expect(await blocks.has(cid)).toBe(true);
  await blocks.delete(cid);
  await blocks.delete(cid);
  expect(await blocks.has(cid)).toBe(false);
  // Bitswap tells its peers that it lacks a block by this name, and takes any other error for a broken disk.
  const reading = blocks.get(cid)[Symbol.asyncIterator]().next();
  await expect(reading).rejects.toMatchObject({ name: "NotFoundError" });
});
