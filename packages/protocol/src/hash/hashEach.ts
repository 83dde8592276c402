/** The digests of messages of one length, as one call to a host that can do many. */
import { assert } from "../errors/assert.ts";
import { hashBytes } from "./asHash.ts";
import type { Sha256 } from "./sha256.ts";

/**
 * @param messages one behind the other
 * @param length of each, in bytes; it divides the bytes of all
 */
export function hashEach(messages: Uint8Array, length: number, hash: Sha256): Uint8Array {
  const count = messages.length / length;
  assert(Number.isInteger(count), "messages of one length fill their bytes");
  if (hash.each !== undefined) return hash.each(messages, length);
  const digests = new Uint8Array(count * hashBytes);
  for (let i = 0; i < count; i++) {
    digests.set(hash(messages.subarray(i * length, (i + 1) * length)), i * hashBytes);
  }
  return digests;
}
