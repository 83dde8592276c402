/** What a miner is given: its settings, and the ports through which it acts. */
import type { Client } from "@connectrpc/connect";
import type { ChainMessage, Inclusion } from "@r3mes/chain-client";
import type { CallReferee, Session } from "@r3mes/engine";
import type { StoreKeeper } from "@r3mes/participant";
import type { Sha256 } from "@r3mes/protocol";
import type { Query } from "@r3mes/protocol/messages";
import type { Journal, Logger } from "@r3mes/service";
import type { ContentStore, Disk } from "@r3mes/storage";
import type { OpenedPool } from "@r3mes/training";
import type { MinerRecord } from "./minerRecord.ts";
import type { ChunkReport, Look, StepReport } from "./minerStatus.ts";
import type { CreateSelfCheck } from "./selfCheck.ts";
import type { Speed } from "./speed.ts";

export interface MinerOptions {
  readonly chainId: string;
  /** Address that signs. */
  readonly operator: string;
  /** Address that owns the bond and the rewards. */
  readonly owner: string;
  /** Chunks that are leased and not yet committed, at once. */
  readonly leases: number;
}

export interface MinerDeps {
  readonly query: Client<typeof Query>;
  /** The pools to work for: those that are open, or the one that its owner chose. */
  readonly pools: () => Promise<readonly bigint[]>;
  readonly submit: (messages: readonly ChainMessage[]) => Promise<Inclusion>;
  readonly store: Pick<ContentStore, "put">;
  /** Where the store lies, if that is known: what has no room there is not leased. */
  readonly disk?: Disk;
  /**
   * Content that it published itself, for a case: it is here from now on, and what is returned reads it. `CONTENT_UNAVAILABLE` when it cannot
   * be had in time.
   */
  readonly bring: (cid: Uint8Array, bytesMax: number) => Promise<() => Promise<Uint8Array>>;
  /** The module that computes disputed tiles. */
  readonly referee: CallReferee;
  /** A pool with its model and data, and a session that is prepared for its program. */
  readonly openPool: (
    pool: bigint,
  ) => Promise<{ readonly opened: OpenedPool; readonly session: Session }>;
  readonly journal: Journal<MinerRecord>;
  /** 32 bytes from the operating system's generator. */
  readonly salt: () => Uint8Array;
  readonly log: Logger;
  /** What stands in for the check of a tile; whoever leaves it out must not wonder about a fine. */
  readonly selfCheck?: CreateSelfCheck;
  /** Asked at every height whether it is time to forget what nobody can ask for any more; that is done between two long tasks. */
  readonly collect?: StoreKeeper;
  readonly speed: Speed;
  /** Milliseconds on a scale that only grows. */
  readonly monotonicMs: () => number;
  /** Of late, from one block to the next, in milliseconds. */
  readonly blockMs: () => number;
  /** A faster SHA-256, where the host has one. */
  readonly hash?: Sha256;
  /** Told at each height what it found, for whoever shows it. */
  readonly onLook?: (look: Look) => void;
  /** Told of each step of a chunk, for whoever shows progress. */
  readonly onStep?: (step: StepReport) => void;
  /** Told of each chunk that is trained and journaled, for whoever shows what it cost. */
  readonly onChunk?: (chunk: ChunkReport) => void;
}
