/**
 * SHA-256 by the host's own code: by the addon where it is compiled, which saves most of the price of a call and hashes many messages
 * in one, else by Node. Both give the same digests.
 */
import { hash } from "node:crypto";
import { hashBytes, type Sha256 } from "@r3mes/protocol";
import { hasNativeKernels, loadAddon, type NativeAddon } from "./nativeAddon.ts";

export const nodeSha256: Sha256 = openHash();

/** An addon that does not load is told by whoever asks for its kernels; for a hash Node is enough. */
function openHash(): Sha256 {
  try {
    if (hasNativeKernels()) return hashBy(loadAddon());
  } catch {}
  return (bytes) => new Uint8Array(hash("sha256", bytes, "buffer"));
}

function hashBy({ sha256Each }: NativeAddon): Sha256 {
  const one = (bytes: Uint8Array) => {
    const digest = new Uint8Array(hashBytes);
    sha256Each(bytes, bytes.length, digest);
    return digest;
  };
  const each = (messages: Uint8Array, length: number) => {
    const digests = new Uint8Array((messages.length / length) * hashBytes);
    sha256Each(messages, length, digests);
    return digests;
  };
  return Object.assign(one, { each });
}
