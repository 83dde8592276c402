/** The addon that the bootstrap compiles: kernels and a hash for this machine. */
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { R3mesError } from "@r3mes/protocol";
import { commandWords } from "../backends/wasm/commands.ts";
import { KERNEL_NAMES } from "../backends/wasm/kernelNames.ts";

/** An open crew, which the addon alone looks into. */
export interface NativeCrew {
  readonly isNativeCrew: unique symbol;
}

/** What `kernels/native/addon.c` exports. */
export interface NativeAddon {
  /** Best first; "" where the processor lacks one. */
  readonly sets: readonly string[];
  /** By their numbers. */
  readonly kernels: readonly string[];
  /** Words of a command before its arguments. */
  readonly headerWords: number;
  /** Threads that sleep until there are commands; null where the system has none for it. */
  openCrew(threads: number): NativeCrew | null;
  /** Runs the commands in the words [from, to). Returns the number of a kernel that one does not fit, or -1. */
  runOnCrew(
    crew: NativeCrew,
    memory: Int32Array,
    set: number,
    from: number,
    to: number,
    scratch: number,
    scratchBytes: number,
  ): number;
  /** Ends its threads. Collection of the crew, and the end of its Node thread, do so too. */
  closeCrew(crew: NativeCrew): void;
  /** Asks the system for pages of two megabytes where what the words lie in is not touched yet; it may have none. */
  wantLargePages(memory: Int32Array): void;
  /** Digests of messages of `length` bytes, one behind the other. */
  sha256Each(messages: Uint8Array, length: number, digests: Uint8Array): void;
  /** Slots of tiles; the numbers are those of `nodeSha256.ts`. */
  hashTiles(bytes: Uint8Array, header: Uint8Array, numbers: Uint32Array, slots: Uint8Array): void;
  /** The root of their subtree, into 32 bytes. */
  topOfTiles(
    bytes: Uint8Array,
    header: Uint8Array,
    numbers: Uint32Array,
    height: number,
    root: Uint8Array,
  ): void;
  /** The same by a thread of Node's pool. */
  rootOfTiles(
    bytes: Uint8Array,
    header: Uint8Array,
    numbers: Uint32Array,
    height: number,
  ): Promise<Uint8Array>;
}

/** What an addon of earlier sources lacks. */
const ADDED_LAST = "topOfTiles";

export const builtAddon = new URL("../../build/native/kernels.node", import.meta.url);

/** True if the native kernels were compiled in this checkout. */
export function hasNativeKernels(addon: URL = builtAddon): boolean {
  return existsSync(addon);
}

/** @throws NATIVE_KERNELS_ABSENT, also for an addon of other sources */
export function loadAddon(path: string = fileURLToPath(builtAddon)): NativeAddon {
  let addon: NativeAddon;
  try {
    addon = createRequire(import.meta.url)(path) as NativeAddon;
  } catch (cause) {
    throw new R3mesError({ code: "NATIVE_KERNELS_ABSENT", path }, { cause });
  }
  const readsOurs =
    String(addon.kernels) === String(KERNEL_NAMES) && addon.headerWords === commandWords(0);
  if (readsOurs && ADDED_LAST in addon) return addon;
  throw new R3mesError({ code: "NATIVE_KERNELS_ABSENT", path });
}
