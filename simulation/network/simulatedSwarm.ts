/**
 * The stores of all participants, which fetch blocks from each other as IPFS nodes do: from any peer that has the block and can be
 * reached, and from the one that answers first. Wrong bytes of a peer are thrown away and the next one is asked; a disk of one's own may
 * lose blocks, or rot.
 */
import { createHash } from "node:crypto";
import type { Clock } from "@r3mes/service";
import { type MemoryPeer, memoryPeer } from "@r3mes/storage/testing";

export interface PeerOptions {
  /** Neither gives nor takes while this holds. */
  readonly isCut: () => boolean;
  /** Keeps everything to itself. */
  readonly givesNothing?: boolean;
  /** Whether the next block that it hands out has a wrong byte. */
  readonly sendsWrong?: () => boolean;
  /** How long it takes over a block, in milliseconds. */
  readonly sendsAfterMs?: () => number;
}

export interface SimulatedSwarm {
  join(options: PeerOptions): MemoryPeer;
}

interface Member {
  readonly options: PeerOptions;
  readonly peer: MemoryPeer;
}

interface Sent {
  readonly bytes: Uint8Array;
  readonly afterMs: number;
}

const askAgainMs = 1_000;
/** How long peers are asked for a block before it counts as not to be had. */
const patienceMs = 12_000;

export function createSimulatedSwarm(clock: Clock): SimulatedSwarm {
  const members: Member[] = [];

  function ask(asking: PeerOptions, hash: string): Sent | undefined {
    if (asking.isCut()) return undefined;
    let first: Sent | undefined;
    for (const { options, peer } of members) {
      if (options === asking || options.isCut() || options.givesNothing) continue;
      const bytes = peer.blocks.get(hash);
      if (bytes === undefined) continue;
      const afterMs = options.sendsAfterMs?.() ?? 0;
      if (first !== undefined && first.afterMs <= afterMs) continue;
      const sent = options.sendsWrong?.() ? turned(bytes) : bytes;
      if (createHash("sha256").update(sent).digest("hex") === hash)
        first = { bytes: sent, afterMs };
    }
    return first;
  }

  return {
    join(options) {
      const peer = memoryPeer(async (hash) => {
        const endMs = clock.monotonicMs() + patienceMs;
        for (;;) {
          const sent = ask(options, hash);
          if (sent !== undefined) {
            if (sent.afterMs > 0) await clock.sleep(sent.afterMs);
            return sent.bytes;
          }
          if (clock.monotonicMs() >= endMs) return undefined;
          await clock.sleep(askAgainMs);
        }
      });
      members.push({ options, peer });
      return peer;
    },
  };
}

/** With one bit of the first byte turned; an empty block has none. */
export function turned(bytes: Uint8Array): Uint8Array {
  // A buffer's own slice would share its memory.
  const copy = new Uint8Array(bytes);
  if (copy.length > 0) copy[0]! ^= 1;
  return copy;
}
