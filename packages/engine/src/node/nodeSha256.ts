/**
 * SHA-256 by the host's own code: by the addon where it is compiled, which hashes many messages in a call and tiles where they lie,
 * else by Node. Both give the same digests.
 */
import { hash } from "node:crypto";
import { hashBytes, type Sha256, type Tiling } from "@r3mes/protocol";
import { hasNativeKernels, loadAddon, type NativeAddon } from "./nativeAddon.ts";

export const nodeSha256: Sha256 = openHash();

/** An addon that does not load is told by whoever asks for its kernels; for a hash Node is enough. */
function openHash(): Sha256 {
  try {
    if (hasNativeKernels()) return hashBy(loadAddon());
  } catch {}
  return (bytes) => new Uint8Array(hash("sha256", bytes, "buffer"));
}

function hashBy(addon: NativeAddon): Sha256 {
  const one = (bytes: Uint8Array) => {
    const digest = new Uint8Array(hashBytes);
    addon.sha256Each(bytes, bytes.length, digest);
    return digest;
  };
  const each = (messages: Uint8Array, length: number) => {
    const digests = new Uint8Array((messages.length / length) * hashBytes);
    addon.sha256Each(messages, length, digests);
    return digests;
  };
  const tiles: NonNullable<Sha256["tiles"]> = {
    slots: (bytes, tiling) => {
      const slots = new Uint8Array(slotsOf(bytes, tiling) * hashBytes);
      addon.hashTiles(bytes, tiling.header, numbersOf(tiling), slots);
      return slots;
    },
    top(bytes, tiling, height) {
      const root = new Uint8Array(hashBytes);
      addon.topOfTiles(bytes, tiling.header, numbersOf(tiling), height, root);
      return root;
    },
    root: (bytes, tiling, height) =>
      addon.rootOfTiles(bytes, tiling.header, numbersOf(tiling), height),
  };
  return Object.assign(one, { each, tiles });
}

/** Slots up to that of the last tile. */
function slotsOf(bytes: Uint8Array, { run, runs, stride, rowSlots }: Tiling): number {
  return (Math.ceil(bytes.length / (stride * runs)) - 1) * rowSlots + Math.ceil(stride / run);
}

/** As `hashes.c` reads them. */
function numbersOf({ first, run, runs, stride, rowSlots, fill }: Tiling): Uint32Array {
  return Uint32Array.of(first, run, runs, stride, rowSlots, fill);
}
