/**
 * A content store over any store of blocks. Content is cut by the profile unixfs-v1-2025 (chunks of 1 MiB, raw leaves, 1,024
 * links), which fixes the address of every content. Source: IPIP-499.
 */
import * as dagPb from "@ipld/dag-pb";
import { assert, R3mesError } from "@r3mes/protocol";
import type { Blockstore } from "interface-blockstore";
import { UnixFS } from "ipfs-unixfs";
import { exporter } from "ipfs-unixfs-exporter";
import { importByteStream, importer } from "ipfs-unixfs-importer";
import type { CID } from "multiformats/cid";
import { collectBlocks } from "./collectBlocks.ts";
import { type ContentId, cidOf, contentIdOf, dagPbCodec } from "./contentId.ts";
import type { ContentStore, GetOptions } from "./contentStore.ts";
import { storing } from "./storing.ts";
import { type VerifyingBlocks, verifyingBlocks } from "./verifyingBlocks.ts";

export interface ContentStoreDeps {
  /** Where blocks lie on this machine. */
  readonly local: Pick<Blockstore, "get" | "put" | "delete">;
  /** Where blocks are read from: the same, or one that also asks peers. */
  readonly source?: Pick<Blockstore, "get" | "put">;
  readonly keepOnly: ContentStore["keepOnly"];
  readonly close?: () => Promise<void>;
}

export function createContentStore(deps: ContentStoreDeps): ContentStore {
  const here = verifyingBlocks(deps.local, deps.local);
  const anywhere = verifyingBlocks(deps.source ?? deps.local, deps.local);
  return {
    async put(content) {
      const stream = content instanceof Uint8Array ? [content] : content;
      const options = { profile: "unixfs-v1-2025" } as const;
      return storing(async () => {
        const { cid } = await importByteStream(stream, deps.source ?? deps.local, options);
        return contentIdOf(cid);
      });
    },
    get: (id, options) =>
      reading(id, options, async () => {
        let whole: Uint8Array | undefined;
        for await (const { bytes, at, size } of readContent(anywhere, id, options)) {
          whole ??= new Uint8Array(size);
          whole.set(bytes, at);
        }
        return whole ?? new Uint8Array(0);
      }),
    bring: (id, options) =>
      reading(id, options, async () => {
        for await (const _ of readContent(anywhere, id, options));
      }),
    putFolder: (files) => storing(() => writeFolder(deps.source ?? deps.local, files)),
    openFolder: (id, signal) => readFolder(anywhere, id, signal),
    async has(id) {
      try {
        await collectBlocks(here, cidOf(id), new Set());
        return true;
      } catch (error) {
        const isMissing =
          error instanceof R3mesError && /^CONTENT_(UNAVAILABLE|CORRUPT)$/.test(error.code);
        if (isMissing) return false;
        throw error;
      }
    },
    keepOnly: deps.keepOnly,
    close: async () => deps.close?.(),
  };
}

/**
 * A reader asks for this many blocks of a content at a time, each of a mebibyte. A peer that is asked for all of them has all in memory, in
 * clear, as a message and encrypted.
 */
const blocksAtOnce = 2;

/** Of a content, where it lies in it. */
interface Part {
  readonly bytes: Uint8Array;
  readonly at: number;
  /** Of the whole content. */
  readonly size: number;
}

async function* readContent(
  blocks: VerifyingBlocks,
  id: ContentId,
  { bytesMax, signal }: GetOptions,
): AsyncGenerator<Part> {
  // Bounds a graph of many tiny or empty blocks, which its announced size does not.
  let readsLeft = 64 + Math.ceil(bytesMax / 4096);
  const source = {
    async *get(cid: CID) {
      readsLeft -= 1;
      if (readsLeft < 0) throw tooLarge(id, bytesMax);
      yield await blocks.get(cid, signal);
    },
  };
  const options = {
    ...(signal === undefined ? {} : { signal }),
    blockReadConcurrency: blocksAtOnce,
  };
  const entry = await exporter(cidOf(id), source, options);
  if (entry.type !== "file" && entry.type !== "raw") {
    throw new R3mesError({ code: "CONTENT_CORRUPT", cid: id });
  }
  if (entry.size > BigInt(bytesMax)) throw tooLarge(id, bytesMax);
  const size = Number(entry.size);
  let at = 0;
  try {
    for await (const bytes of entry.content(options)) {
      if (at + bytes.length > size) throw tooLarge(id, bytesMax);
      yield { bytes, at, size };
      at += bytes.length;
    }
  } catch (error) {
    // That nobody offers it would be untrue of a peer who sends it slowly.
    if (at === 0 || !(signal?.aborted || isUnavailable(error))) throw error;
    const facts = { cid: id, bytes: size, haveBytes: at };
    throw new R3mesError({ code: "CONTENT_INCOMPLETE", ...facts }, { cause: error });
  }
  if (at !== size) throw new R3mesError({ code: "CONTENT_CORRUPT", cid: id });
}

function isUnavailable(error: unknown): boolean {
  return error instanceof R3mesError && error.code === "CONTENT_UNAVAILABLE";
}

async function reading<Result>(
  id: ContentId,
  { signal }: GetOptions,
  read: () => Promise<Result>,
): Promise<Result> {
  try {
    return await read();
  } catch (error) {
    // A library's word on blocks that are no file: whoever published them chose what they say.
    if (error instanceof R3mesError) throw error;
    const code = signal?.aborted ? "CONTENT_UNAVAILABLE" : "CONTENT_CORRUPT";
    throw new R3mesError({ code, cid: id }, { cause: error });
  }
}

/** A folder of a model or a dataset has a few files; each link costs its reader memory. */
const folderFilesMax = 4096;
const plainName = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;

async function writeFolder(
  blocks: Pick<Blockstore, "put">,
  files: ReadonlyMap<string, Uint8Array>,
): Promise<ContentId> {
  const candidates = [...files]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([path, bytes]) => ({ path, content: [bytes] }));
  let root: CID | undefined;
  const options = { profile: "unixfs-v1-2025", wrapWithDirectory: true } as const;
  for await (const { cid } of importer(candidates, blocks, options)) root = cid;
  assert(root !== undefined, "a folder holds at least one file");
  return contentIdOf(root);
}

async function readFolder(
  blocks: VerifyingBlocks,
  id: ContentId,
  signal: AbortSignal | undefined,
): Promise<ReadonlyMap<string, ContentId>> {
  // A plain folder is one node. A sharded one, or a file, is not what anybody of ours published.
  const bytes = await blocks.get(cidOf(id), signal);
  const links = folderLinks(id, bytes);
  return new Map(links.map(({ Name = "", Hash }) => [Name, contentIdOf(Hash)]));
}

function folderLinks(id: ContentId, bytes: Uint8Array): dagPb.PBLink[] {
  const refuse = () => new R3mesError({ code: "CONTENT_CORRUPT", cid: id });
  if (cidOf(id).code !== dagPbCodec) throw refuse();
  let node: dagPb.PBNode;
  try {
    node = dagPb.decode(bytes);
    if (!UnixFS.unmarshal(node.Data ?? new Uint8Array(0)).isDirectory()) throw refuse();
  } catch (error) {
    throw error instanceof R3mesError ? error : refuse();
  }
  const names = new Set(node.Links.map(({ Name }) => Name));
  const isPlain =
    node.Links.length <= folderFilesMax &&
    names.size === node.Links.length &&
    node.Links.every(({ Name = "" }) => plainName.test(Name));
  if (!isPlain) throw refuse();
  return node.Links;
}

function tooLarge(id: ContentId, bytesMax: number): R3mesError {
  return new R3mesError({ code: "CONTENT_TOO_LARGE", cid: id, bytesMax });
}
