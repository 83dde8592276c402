/**
 * Blocks as files in a folder. A block is read at once, where the library streams it in pieces of 64 KiB; and whatever the reader's signal
 * says, for the library forgets the handle of one that was given up while it was being opened, and never closes it.
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { FsBlockstore } from "blockstore-fs";
import { NextToLast } from "blockstore-fs/sharding";
import type { CID } from "multiformats/cid";

export async function openFileBlocks(folder: string): Promise<FsBlockstore> {
  const shardingStrategy = new NextToLast();
  const blocks = new FsBlockstore(folder, { shardingStrategy });
  const getByLibrary = blocks.get.bind(blocks);
  blocks.get = async function* (cid: CID) {
    const { dir, file } = shardingStrategy.encode(cid);
    const block = await readFile(join(folder, dir, file)).catch(() => undefined);
    if (block !== undefined) yield block;
    // It has its own words for one that is not there.
    else yield* getByLibrary(cid);
  };
  await blocks.open();
  return blocks;
}
