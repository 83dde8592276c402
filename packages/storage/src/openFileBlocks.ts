/**
 * Blocks as files in a folder, each read whole and written whole. The library's own ways are not enough: it syncs nothing, so that a journal
 * may outlive the block that it names; two that write one block at once share an unfinished file, and wait a second for each other; and of
 * a read that is given up while its file is being opened it forgets the handle.
 */
import { randomUUID } from "node:crypto";
import {
  type FileHandle,
  mkdir,
  open,
  readdir,
  readFile,
  rename,
  rm,
  stat,
} from "node:fs/promises";
import { dirname, join } from "node:path";
import { assert } from "@r3mes/protocol";
import { FsBlockstore } from "blockstore-fs";
import { NextToLast } from "blockstore-fs/sharding";
import type { CID } from "multiformats/cid";

/** `put` returns when the block would outlive a loss of power. */
export type FileBlocks = FsBlockstore & {
  /** As `put`, of what could be fetched again, and so without that wait. */
  putFetched(cid: CID, block: Uint8Array): Promise<void>;
};

export async function openFileBlocks(folder: string): Promise<FileBlocks> {
  const shardingStrategy = new NextToLast();
  const blocks = new FsBlockstore(folder, { shardingStrategy });
  const pathOf = (cid: CID) => {
    const { dir, file } = shardingStrategy.encode(cid);
    return join(folder, dir, file);
  };
  const unfinished = join(folder, "unfinished");
  const write = async (cid: CID, block: Uint8Array, isSynced: boolean) => {
    await mkdir(unfinished, { recursive: true });
    await writeWhole({ path: pathOf(cid), part: join(unfinished, randomUUID()) }, block, isSynced);
  };
  const read = (cid: CID) => readFile(pathOf(cid)).catch(() => undefined);
  const getByLibrary = blocks.get.bind(blocks);
  blocks.get = async function* (cid: CID) {
    const block = await read(cid);
    if (block !== undefined) yield block;
    // It has its own words for one that is not there.
    else yield* getByLibrary(cid);
  };
  blocks.put = async (cid, block) => {
    assert(block instanceof Uint8Array, "blocks are put whole");
    // One that is there may have rotted.
    if (!(await read(cid))?.equals(block)) await write(cid, block, true);
    return cid;
  };
  await blocks.open();
  await removeOld(unfinished);
  return Object.assign(blocks, {
    putFetched: (cid: CID, block: Uint8Array) => write(cid, block, false),
  });
}

async function writeWhole(
  { path, part }: { readonly path: string; readonly part: string },
  block: Uint8Array,
  isSynced: boolean,
): Promise<void> {
  const folder = dirname(path);
  const made = await mkdir(folder, { recursive: true });
  try {
    await withFile(part, "wx", async (file) => {
      await file.writeFile(block);
      if (isSynced) await file.sync();
    });
    await rename(part, path);
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
  if (!isSynced) return;
  const named = made === undefined ? [folder] : [folder, dirname(made)];
  for (const names of named) await withFile(names, "r", (file) => file.sync());
}

/** A write takes seconds at most: what a killed process left is older. */
const unfinishedMs = 3_600_000;

async function removeOld(folder: string): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) {
    const path = join(folder, name);
    // Whoever wrote it may have finished it meanwhile.
    const found = await stat(path).catch(() => undefined);
    if (found !== undefined && found.mtimeMs < Date.now() - unfinishedMs) await rm(path);
  }
}

async function withFile(
  path: string,
  flags: string,
  use: (file: FileHandle) => Promise<void>,
): Promise<void> {
  const file = await open(path, flags);
  try {
    await use(file);
  } finally {
    await file.close();
  }
}
