/**
 * Blocks as files in a folder, each read whole and written whole, laid out as `blockstore-fs` lays them out. That library is not enough: it
 * syncs nothing, so that a journal may outlive the block that it names; two that write one block at once share an unfinished file, and wait
 * a second for each other; of a read that is given up while its file is being opened it forgets the handle; and it loads a matcher of
 * patterns, of seventy modules, to list a folder.
 */
import { randomUUID } from "node:crypto";
import {
  access,
  type FileHandle,
  mkdir,
  open,
  readdir,
  readFile,
  rename,
  rm,
  stat,
} from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { assert } from "@r3mes/protocol";
import type { Blockstore } from "interface-blockstore";
import { NotFoundError } from "interface-store";
import { base32upper } from "multiformats/bases/base32";
import { CID } from "multiformats/cid";

/** `put` returns when the block would outlive a loss of power. */
export interface FileBlocks extends Pick<Blockstore, "has" | "put" | "delete" | "getAll"> {
  get(...asked: Parameters<Blockstore["get"]>): AsyncGenerator<Uint8Array>;
  /** As `put`, of what could be fetched again, and so without that wait. */
  putFetched(cid: CID, block: Uint8Array): Promise<void>;
}

export async function openFileBlocks(folder: string): Promise<FileBlocks> {
  const unfinished = join(folder, "unfinished");
  const pathOf = (cid: CID) => join(folder, placeOf(cid));
  const write = async (cid: CID, block: Uint8Array, isSynced: boolean) => {
    await mkdir(unfinished, { recursive: true });
    await writeWhole({ path: pathOf(cid), part: join(unfinished, randomUUID()) }, block, isSynced);
  };
  const read = (cid: CID) => readFile(pathOf(cid)).catch(() => undefined);
  const get: FileBlocks["get"] = async function* (cid) {
    const block = await read(cid);
    // Bitswap knows a block that is not there by this error.
    if (block === undefined) throw new NotFoundError(`no block ${cid}`);
    yield block;
  };
  await mkdir(folder, { recursive: true });
  await removeOld(unfinished);
  return {
    get,
    has: (cid) =>
      access(pathOf(cid)).then(
        () => true,
        () => false,
      ),
    async put(cid, block) {
      assert(block instanceof Uint8Array, "blocks are put whole");
      // One that is there may have rotted.
      if (!(await read(cid))?.equals(block)) await write(cid, block, true);
      return cid;
    },
    putFetched: (cid, block) => write(cid, block, false),
    delete: (cid) => rm(pathOf(cid), { force: true }),
    async *getAll() {
      for (const path of await readdir(folder, { recursive: true })) {
        const cid = cidAt(path);
        if (cid !== undefined) yield { cid, bytes: get(cid) };
      }
    },
  };
}

const extension = ".data";

/** By the hash alone, in a folder of its last two letters: as many folders as a file system lists quickly. */
function placeOf(cid: CID): string {
  const name = base32upper.encode(cid.multihash.bytes);
  return join(name.slice(-2), `${name}${extension}`);
}

function cidAt(path: string): CID | undefined {
  if (!path.endsWith(extension)) return undefined;
  return CID.decode(base32upper.decode(basename(path, extension)));
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
