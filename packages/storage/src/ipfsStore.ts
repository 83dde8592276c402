/**
 * An IPFS node in this process: blocks on disk, exchanged by bitswap with peers that are named to it, and with nobody else. There
 * is no public bootstrap, no DHT, no discovery; a swarm key keeps strangers out.
 */
import { identify } from "@libp2p/identify";
import type { Connection } from "@libp2p/interface";
import { noise } from "@libp2p/noise";
import { preSharedKey } from "@libp2p/pnet";
import { tcp } from "@libp2p/tcp";
import { yamux } from "@libp2p/yamux";
import { multiaddr } from "@multiformats/multiaddr";
import { R3mesError } from "@r3mes/protocol";
import { createLibp2p } from "libp2p";
import { boundCipherMemory } from "./boundCipherMemory.ts";
import { keepReachable } from "./collectBlocks.ts";
import type { ContentStore } from "./contentStore.ts";
import { createContentStore } from "./createContentStore.ts";
import { type Disk, diskOf } from "./diskOf.ts";
import { openFileBlocks } from "./openFileBlocks.ts";
import { openIdentity } from "./openIdentity.ts";
import { peerBlocks } from "./peerBlocks.ts";
import { sharedWants } from "./sharedWants.ts";

export interface IpfsStoreOptions {
  /** Holds the blocks and the node's identity. */
  readonly folder: string;
  /** Multiaddrs to listen on, such as /ip4/127.0.0.1/tcp/0. */
  readonly listen: readonly string[];
  /** The text of a swarm key file (format of go-libp2p). */
  readonly swarmKey: string;
}

export interface IpfsStore extends ContentStore {
  /** Multiaddrs under which others reach this node, with its identity. */
  readonly addresses: readonly string[];
  /** Where its blocks lie, if that is a disk of this machine. */
  readonly disk?: Disk;
  /** Connects to a peer, unless it is connected. `PEER_UNREACHABLE` when it does not answer or holds another swarm key. */
  connect(address: string, signal?: AbortSignal): Promise<void>;
}

const askAgainMs = 5_000;

export async function ipfsStore(options: IpfsStoreOptions): Promise<IpfsStore> {
  boundCipherMemory();
  const local = await openFileBlocks(`${options.folder}/blocks`);
  const privateKey = await openIdentity(`${options.folder}/identity`);
  const libp2p = await createLibp2p({
    privateKey,
    addresses: { listen: [...options.listen] },
    transports: [tcp()],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux()],
    connectionProtector: preSharedKey({ psk: new TextEncoder().encode(options.swarmKey) }),
    services: { identify: identify() },
  });
  const blocks = await peerBlocks(libp2p, local);
  const closing = new AbortController();
  const store = createContentStore({
    local,
    keepOnly: keepReachable(local),
    source: sharedWants(blocks, { askAgainMs, closing: closing.signal }),
    async close() {
      closing.abort();
      await libp2p.stop();
      await blocks.stop();
    },
  });
  // An address need not name the peer's identity, so only the connection itself tells that it is still there.
  const connections = new Map<string, Connection>();
  return {
    ...store,
    disk: diskOf(options.folder),
    get addresses() {
      return libp2p.getMultiaddrs().map(String);
    },
    async connect(address, signal) {
      if (connections.get(address)?.status === "open") return;
      try {
        const options = signal === undefined ? {} : { signal };
        connections.set(address, await libp2p.dial(multiaddr(address), options));
      } catch (error) {
        throw new R3mesError({ code: "PEER_UNREACHABLE", address }, { cause: error });
      }
    },
  };
}
