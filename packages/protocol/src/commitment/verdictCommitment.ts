/** What a verifier binds itself to before it sees what others found: spec/encoding.md section 9. */
import { R3mesError } from "../errors/R3mesError.ts";
import type { Hash } from "../hash/asHash.ts";
import { taggedHash } from "../hash/taggedHash.ts";
import { writeChainId } from "../seed/writeChainId.ts";

/** Numbers of the verdicts, as they stand in commitments and messages. */
export const VERDICTS = { valid: 1, invalid: 2, cannotCheck: 3, updateInvalid: 4 } as const;

export type Verdict = keyof typeof VERDICTS;

export type VerdictSecret = {
  readonly chain: string;
  readonly pool: bigint;
  readonly round: bigint;
  readonly chunk: bigint;
  readonly draw: number;
  /** Owner address of the verifier, 20 bytes. */
  readonly verifier: Uint8Array;
  readonly verdict: Verdict;
  /** The state root that the verifier computed, and its execution digest; absent for cannotCheck. */
  readonly root?: Uint8Array;
  readonly digest?: Uint8Array;
  readonly salt: Uint8Array;
};

/** Throws VERDICT_INVALID when root and digest do not fit the verdict. */
export function verdictCommitment(secret: VerdictSecret): Hash {
  const { verdict, root, digest } = secret;
  const executed = verdict !== "cannotCheck";
  if ((root !== undefined) !== executed || (digest !== undefined) !== executed) {
    throw new R3mesError({ code: "VERDICT_INVALID", verdict, root, digest });
  }
  return taggedHash("remes/verdict/1", (fields) =>
    writeChainId(fields, secret.chain)
      .u64(secret.pool)
      .u64(secret.round)
      .u64(secret.chunk)
      .u32(secret.draw)
      .address(secret.verifier)
      .u8(VERDICTS[verdict])
      .optional(root, (writer, value) => writer.hash(value))
      .optional(digest, (writer, value) => writer.hash(value))
      .hash(secret.salt),
  );
}
