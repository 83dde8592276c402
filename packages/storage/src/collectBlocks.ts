/** Which blocks a content is made of, as far as they are here, and the forgetting of all others. */
import * as dagPb from "@ipld/dag-pb";
import { R3mesError } from "@r3mes/protocol";
import type { Blockstore } from "interface-blockstore";
import type { CID } from "multiformats/cid";
import { type ContentId, cidOf, dagPbCodec, hashOf } from "./contentId.ts";
import { type VerifyingBlocks, verifyingBlocks } from "./verifyingBlocks.ts";

/** Adds the hash of every block under `cid` to `found`; a shared block is walked once. */
export async function collectBlocks(
  blocks: Pick<VerifyingBlocks, "get">,
  cid: CID,
  found: Set<string>,
): Promise<void> {
  const waiting = [cid];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (found.has(hashOf(next))) continue;
    const bytes = await blocks.get(next);
    found.add(hashOf(next));
    if (next.code === dagPbCodec)
      waiting.push(...dagPb.decode(bytes).Links.map((link) => link.Hash));
  }
}

/** Forgets every block that none of the contents reaches, and returns how many went. */
export function keepReachable(
  local: Pick<Blockstore, "get" | "put" | "delete" | "getAll">,
): (ids: readonly ContentId[]) => Promise<number> {
  const here = linksOnly(unlessMissing(verifyingBlocks(local, local)));
  return async (ids) => {
    const needed = new Set<string>();
    for (const id of ids) await collectBlocks(here, cidOf(id), needed);
    const goners: CID[] = [];
    for await (const { cid } of local.getAll()) {
      // Stores of blocks go by the hash alone and may name it under another codec.
      if (!needed.has(hashOf(cid))) goners.push(cid);
    }
    for (const cid of goners) await local.delete(cid);
    return goners.length;
  };
}

/** What links to nothing is not read: of a model only the few nodes are that name its pieces. */
function linksOnly(blocks: Pick<VerifyingBlocks, "get">): Pick<VerifyingBlocks, "get"> {
  return { get: async (cid) => (cid.code === dagPbCodec ? blocks.get(cid) : nothing) };
}

/** What is not here needs nothing: of a folder only some files may ever have been fetched. */
function unlessMissing(blocks: VerifyingBlocks): Pick<VerifyingBlocks, "get"> {
  return {
    async get(cid) {
      try {
        return await blocks.get(cid);
      } catch (error) {
        const isMissing = error instanceof R3mesError && error.code === "CONTENT_UNAVAILABLE";
        if (isMissing) return nothing;
        throw error;
      }
    },
  };
}

/** A node without links and without data. */
const nothing = new Uint8Array(0);
