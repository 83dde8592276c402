/** A verifier's share of a beacon value, before it is revealed: spec/encoding.md section 9. */
import type { Hash } from "../hash/asHash.ts";
import { taggedHash } from "../hash/taggedHash.ts";
import { writeChainId } from "../seed/writeChainId.ts";

export function beaconCommitment(secret: {
  readonly chain: string;
  readonly epoch: bigint;
  /** Owner address of the verifier, 20 bytes. */
  readonly verifier: Uint8Array;
  readonly secret: Uint8Array;
}): Hash {
  return taggedHash("remes/beacon-commitment/1", (fields) =>
    writeChainId(fields, secret.chain)
      .u64(secret.epoch)
      .address(secret.verifier)
      .hash(secret.secret),
  );
}
