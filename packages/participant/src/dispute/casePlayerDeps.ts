/** What whoever plays cases is given, and a case as its moves see it. */
import type { ChainMessage } from "@r3mes/chain-client";
import type { CallReferee } from "@r3mes/engine";
import type { Hash } from "@r3mes/protocol";
import type { Case, Submission } from "@r3mes/protocol/messages";
import type { Logger } from "@r3mes/service";
import type { Claim } from "@r3mes/training";
import type { CaseJournal } from "./caseRecord.ts";
import type { OpenedChunk, ReplayDeps } from "./replayChunk.ts";

export interface CasePlayerDeps extends ReplayDeps {
  /** Content that was published, here from now on: what is returned reads it. Asked for no longer than a clock can bear. */
  readonly bring: (cid: Uint8Array, bytesMax: number) => Promise<() => Promise<Uint8Array>>;
  /** What this party has written down of a submission's chunk; one that is not there is trained again. */
  readonly workOf?: (submission: bigint) => ChunkWork | undefined;
  readonly journal: CaseJournal;
  readonly referee: CallReferee;
  readonly submit: (messages: readonly ChainMessage[]) => Promise<unknown>;
  readonly log: Logger;
  /** Told of each accepted update that nobody offered and that was made again. */
  readonly onUpdateMade?: () => void;
}

export interface ChunkWork {
  /** Of t = 1 … H. */
  readonly stateRoots: readonly Hash[];
  /** Where this party has published the state after step t = 0 … H, if it has. */
  readonly stateCid?: (t: number) => Uint8Array;
}

export interface CasePlayerOptions {
  /** Address that signs, and the owner that it acts for. */
  readonly operator: string;
  readonly owner: string;
}

/** A case with the chunk that it is about. */
export interface CaseOfChunk {
  readonly record: Case;
  readonly submission: Submission;
  readonly chunk: OpenedChunk;
}

/** A case with its chunk, and the claim that it has come down to. */
export interface OpenedCase extends CaseOfChunk {
  readonly claim: Claim;
}
