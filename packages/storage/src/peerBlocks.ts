/**
 * Blocks of this node, exchanged with its peers by bitswap. Helia's bitswap extends a whole Helia node; what it asks of one is a few
 * fields, so that no process loads the protocols of the public network (DHT, WebRTC, relays, gateways) which a private swarm never speaks.
 */
import { withBitswap } from "@helia/bitswap";
import type { Libp2p } from "@libp2p/interface";
import { assert } from "@r3mes/protocol";
import type { Blockstore } from "interface-blockstore";
import type { CID } from "multiformats/cid";
import { sha256 } from "multiformats/hashes/sha2";
import type { FileBlocks } from "./openFileBlocks.ts";
import { storing } from "./storing.ts";

export interface PeerBlocks extends Pick<Blockstore, "get"> {
  put(cid: CID, block: Uint8Array): Promise<CID>;
  stop(): Promise<void>;
}

/** What bitswap adds to the node that it extends. */
interface BlockBroker {
  retrieve(cid: CID, options: { readonly signal?: AbortSignal }): Promise<Uint8Array>;
  announce(cid: CID): Promise<void>;
  stop(): Promise<void>;
}

interface Mixin {
  start(node: unknown): Promise<void>;
}

/** `local` is read first, and keeps what peers send; bitswap has checked each block against its address by then. */
export async function peerBlocks(
  libp2p: Libp2p,
  local: Pick<FileBlocks, "get" | "put" | "putFetched" | "has">,
): Promise<PeerBlocks> {
  const broker = await startBitswap(libp2p, local);
  return {
    async *get(cid, options) {
      if (await local.has(cid)) {
        yield* local.get(cid);
        return;
      }
      const signal = options?.signal ?? undefined;
      const block = await broker.retrieve(cid, signal === undefined ? {} : { signal });
      await storing(() => local.putFetched(cid, block));
      await broker.announce(cid);
      yield block;
    },
    async put(cid, block) {
      await local.put(cid, block);
      await broker.announce(cid);
      return cid;
    },
    stop: () => broker.stop(),
  };
}

async function startBitswap(
  libp2p: Libp2p,
  local: Pick<Blockstore, "get" | "has">,
): Promise<BlockBroker> {
  let broker: BlockBroker | undefined;
  const mixins: Mixin[] = [];
  const node = {
    libp2p,
    blockstore: local,
    logger: libp2p.logger,
    status: "starting",
    getHasher: () => sha256,
    // Nobody is looked for: peers are those that this node is connected to.
    routing: { async *findProviders() {} },
    hasBlockBroker: () => broker !== undefined,
    addBlockBroker: (added: BlockBroker) => {
      broker = added;
    },
    addMixin: (mixin: Mixin) => mixins.push(mixin),
  };
  withBitswap(node as unknown as Parameters<typeof withBitswap>[0]);
  for (const mixin of mixins) await mixin.start(node);
  assert(broker !== undefined, "bitswap adds a block broker when it starts");
  return broker;
}
