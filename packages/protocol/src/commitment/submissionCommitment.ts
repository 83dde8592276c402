/** What a miner binds itself to before anyone can see it: spec/encoding.md section 9. */
import type { Hash } from "../hash/asHash.ts";
import { taggedHash } from "../hash/taggedHash.ts";
import { writeChainId } from "../seed/writeChainId.ts";
import { checkCid } from "./checkCid.ts";

export type SubmissionSecret = {
  readonly chain: string;
  readonly pool: bigint;
  readonly round: bigint;
  readonly chunk: bigint;
  /** Owner address of the miner, 20 bytes. */
  readonly miner: Uint8Array;
  readonly stepsRoot: Uint8Array;
  readonly updateRoot: Uint8Array;
  readonly updateCid: Uint8Array;
  readonly lossSum: bigint;
  /** 32 random bytes, used once. */
  readonly salt: Uint8Array;
};

export function submissionCommitment(secret: SubmissionSecret): Hash {
  checkCid(secret.updateCid);
  return taggedHash("remes/commitment/1", (fields) =>
    writeChainId(fields, secret.chain)
      .u64(secret.pool)
      .u64(secret.round)
      .u64(secret.chunk)
      .address(secret.miner)
      .hash(secret.stepsRoot)
      .hash(secret.updateRoot)
      .bytes(secret.updateCid)
      .i64(secret.lossSum)
      .hash(secret.salt),
  );
}
