/** What the chain knows when it judges a case: roots and counts, and no architecture. Source: spec/step-program.md section 9. */
import type { CallReferee, ProgramFacts } from "@r3mes/engine";
import type { BatchShape, Sha256 } from "@r3mes/protocol";

export interface CaseFacts {
  readonly program: ProgramFacts;
  /** Root of the model's weights. */
  readonly backboneRoot: Uint8Array;
  readonly dataset: {
    readonly root: Uint8Array;
    /** Shards of all splits. */
    readonly shards: number;
    /** Tokens of the training split. */
    readonly tokens: number;
  };
  readonly batch: BatchShape;
  readonly place: { readonly pool: bigint; readonly round: bigint; readonly chunk: bigint };
  /** The tree over the state tensors before step 1. */
  readonly adapterRoot: Uint8Array;
  readonly stepsRoot: Uint8Array;
  /** Storage bytes of the constants of step t. */
  constants(t: number): Uint8Array;
  readonly referee: CallReferee;
  /** The host's own SHA-256, where it has a faster one. */
  readonly hash?: Sha256;
  /** In a case about a digest: what the defender's names, and what it is. */
  readonly digest?: {
    readonly auditSeed: Uint8Array;
    readonly updateRoot: Uint8Array;
    readonly value: Uint8Array;
  };
}
