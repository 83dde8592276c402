/** Admits 32 bytes as a digest. */
import { R3mesError } from "../errors/R3mesError.ts";

/** A SHA-256 digest: 32 bytes. */
export type Hash = Uint8Array & { readonly __brand: "Hash" };

export const hashBytes = 32;

/** The same bytes as a digest. Throws HASH_LENGTH_INVALID for any other length. */
export function asHash(bytes: Uint8Array): Hash {
  if (bytes.length !== hashBytes) {
    throw new R3mesError({ code: "HASH_LENGTH_INVALID", length: bytes.length });
  }
  return bytes as Hash;
}
