/**
 * A store in memory that asks others for the blocks it lacks, in whatever way it is given: for simulations of a network, and for tests
 * of what happens when blocks are lost or wrong. It trusts nobody: what is fetched is checked as in every other store.
 */
import { assert } from "@r3mes/protocol";
import type { Blockstore } from "interface-blockstore";
import { CID } from "multiformats/cid";
import { create as createDigest } from "multiformats/hashes/digest";
import { keepReachable } from "../collectBlocks.ts";
import { hashOf, rawCodec, sha256Code } from "../contentId.ts";
import type { ContentStore } from "../contentStore.ts";
import { createContentStore } from "../createContentStore.ts";

export interface MemoryPeer extends ContentStore {
  /** The blocks that lie here, by the hex of their SHA-256. Whoever changes one has a disk that rots. */
  readonly blocks: Map<string, Uint8Array>;
}

/** `fetchBlock` gets the hex of a SHA-256; it answers undefined when nobody has the block in time. */
export function memoryPeer(
  fetchBlock: (hash: string) => Promise<Uint8Array | undefined>,
): MemoryPeer {
  const blocks = new Map<string, Uint8Array>();
  const local = blocksIn(blocks);
  const source: typeof local = {
    ...local,
    async *get(cid) {
      const hash = hashOf(cid);
      const bytes = blocks.get(hash) ?? (await fetchBlock(hash));
      if (bytes === undefined) throw new Error(`nobody has the block ${hash}`);
      blocks.set(hash, bytes);
      yield bytes;
    },
  };
  return { ...createContentStore({ local, source, keepOnly: keepReachable(local) }), blocks };
}

function blocksIn(
  blocks: Map<string, Uint8Array>,
): Pick<Blockstore, "get" | "put" | "delete" | "getAll"> {
  return {
    *get(cid) {
      const bytes = blocks.get(hashOf(cid));
      if (bytes === undefined) throw new Error(`the block ${hashOf(cid)} is not here`);
      yield bytes;
    },
    put(cid, bytes) {
      assert(bytes instanceof Uint8Array, "blocks are put whole");
      blocks.set(hashOf(cid), bytes);
      return cid;
    },
    async delete(cid) {
      blocks.delete(hashOf(cid));
    },
    *getAll() {
      for (const [hash, bytes] of blocks) {
        const digest = createDigest(sha256Code, Buffer.from(hash, "hex"));
        yield { cid: CID.createV1(rawCodec, digest), bytes: one(bytes) };
      }
    },
  };
}

function* one(bytes: Uint8Array): Generator<Uint8Array> {
  yield bytes;
}
