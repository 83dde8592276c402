/** What a verifier is given: its settings, and the ports through which it acts. */
import type { Client } from "@connectrpc/connect";
import type {
  ChainMessage,
  DurableSubmitter,
  Inclusion,
  SignedTransaction,
} from "@r3mes/chain-client";
import type { CallReferee, Session } from "@r3mes/engine";
import type { StoreKeeper } from "@r3mes/participant";
import type { Sha256 } from "@r3mes/protocol";
import type { Query } from "@r3mes/protocol/messages";
import type { Journal, Logger } from "@r3mes/service";
import type { ContentStore } from "@r3mes/storage";
import type { OpenedPool } from "@r3mes/training";
import type { VerifierRecord } from "./verifierRecord.ts";

export interface VerifierOptions {
  readonly chainId: string;
  readonly operator: string;
  readonly owner: string;
  /** Pools whose rounds it attests; all of them unless stated. */
  readonly pools?: readonly bigint[];
}

export interface VerifierDeps {
  readonly query: Client<typeof Query>;
  readonly submit: (messages: readonly ChainMessage[]) => Promise<Inclusion>;
  /** Signs for later, and offers what was signed. */
  readonly prepare: DurableSubmitter["prepare"];
  readonly offer: (signed: SignedTransaction) => Promise<Inclusion>;
  readonly store: Pick<ContentStore, "put">;
  /** Content that somebody else published. `CONTENT_UNAVAILABLE` when it cannot be had in time. */
  readonly fetch: (cid: Uint8Array, bytesMax: number) => Promise<Uint8Array>;
  /** Such content, which is here from now on: what is returned reads it when its turn has come. Fails as `fetch` does. */
  readonly bring: (cid: Uint8Array, bytesMax: number) => Promise<() => Promise<Uint8Array>>;
  /** The same, asked for no longer than a case can wait for what may be computed again: its clock runs. */
  readonly bringSoon: VerifierDeps["bring"];
  readonly openPool: (pool: bigint) => Promise<VerifierPool>;
  /** The module that computes disputed tiles. */
  readonly referee: CallReferee;
  readonly journal: Journal<VerifierRecord>;
  /** 32 bytes from the operating system's generator. */
  readonly salt: () => Uint8Array;
  readonly log: Logger;
  /** Asked at every height whether it is time to forget what nobody can ask for any more; that is done between two long tasks. */
  readonly collect?: StoreKeeper;
  /** A faster SHA-256, where the host has one. */
  readonly hash?: Sha256;
  /** Told of each accepted update that nobody offered and that was made again. */
  readonly onUpdateMade?: () => void;
}

export interface VerifierPool {
  readonly opened: OpenedPool;
  /** Prepared for the pool's training program, for audits. */
  readonly training: () => Promise<Session>;
  /** The same, for cases, inquiries and updates that nobody offers. */
  readonly replay: () => Promise<Session>;
  /** Prepared for its forward part. */
  readonly evaluation: () => Promise<Session>;
}
