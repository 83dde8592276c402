/**
 * Blocks as files in a folder. A file that is being opened is read whatever the reader's signal says: the library forgets the handle of
 * one that was given up at that moment, and never closes it.
 */
import { FsBlockstore } from "blockstore-fs";

export async function openFileBlocks(folder: string): Promise<FsBlockstore> {
  const blocks = new FsBlockstore(folder);
  const get = blocks.get.bind(blocks);
  blocks.get = (cid) => get(cid);
  await blocks.open();
  return blocks;
}
