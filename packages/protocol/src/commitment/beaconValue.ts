/** The beacon: randomness that no single verifier can choose. spec/encoding.md section 9. */
import { R3mesError } from "../errors/R3mesError.ts";
import type { Hash } from "../hash/asHash.ts";
import { compareBytes } from "../hash/compareBytes.ts";
import { taggedHash } from "../hash/taggedHash.ts";
import { checkLimit } from "../limits/checkLimit.ts";
import { writeChainId } from "../seed/writeChainId.ts";

/** Throws LIST_NOT_CANONICAL unless the reveals ascend by address, each address once. */
export function beaconValue(epoch: {
  readonly chain: string;
  readonly epoch: bigint;
  /** The value of the epoch before; 32 zero bytes before the first. */
  readonly previous: Uint8Array;
  /** Hash of the first block of the epoch. */
  readonly firstBlock: Uint8Array;
  readonly reveals: readonly { readonly verifier: Uint8Array; readonly secret: Uint8Array }[];
}): Hash {
  const { reveals } = epoch;
  checkLimit("verifiersMax", reveals.length);
  reveals.forEach(({ verifier }, i) => {
    if (i > 0 && compareBytes(reveals[i - 1]!.verifier, verifier) >= 0) {
      throw new R3mesError({ code: "LIST_NOT_CANONICAL", list: "reveals", verifier });
    }
  });
  return taggedHash("remes/beacon-value/1", (fields) =>
    writeChainId(fields, epoch.chain)
      .u64(epoch.epoch)
      .hash(epoch.previous)
      .hash(epoch.firstBlock)
      .list(reveals, (writer, { verifier, secret }) => writer.address(verifier).hash(secret)),
  );
}
