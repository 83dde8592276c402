/**
 * Blocks that are checked against their address on every read, wherever they come from: a disk can rot and a peer can lie. A block
 * that fails is forgotten, so that the next read may fetch it again.
 */
import { equalBytes, R3mesError } from "@r3mes/protocol";
import type { Blockstore } from "interface-blockstore";
import type { CID } from "multiformats/cid";
import { sha256 } from "multiformats/hashes/sha2";

export interface VerifyingBlocks {
  get(cid: CID, signal?: AbortSignal): Promise<Uint8Array>;
  put(cid: CID, bytes: Uint8Array): Promise<void>;
}

/** A block is a chunk or a node of links; both are far smaller. */
const blockBytesMax = 4 << 20;

/** `source` is read; a block that fails its check is removed from `local`. */
export function verifyingBlocks(
  source: Pick<Blockstore, "get" | "put">,
  local: Pick<Blockstore, "delete">,
): VerifyingBlocks {
  return {
    async get(cid, signal) {
      const bytes = await readBlock(source, cid, signal);
      const digest = await sha256.digest(bytes);
      if (!equalBytes(digest.digest, cid.multihash.digest)) {
        await local.delete(cid);
        throw new R3mesError({ code: "CONTENT_CORRUPT", cid: cid.toString() });
      }
      return bytes;
    },
    async put(cid, bytes) {
      await source.put(cid, bytes);
    },
  };
}

async function readBlock(
  source: Pick<Blockstore, "get">,
  cid: CID,
  signal: AbortSignal | undefined,
): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const part of source.get(cid, signal === undefined ? {} : { signal })) {
      length += part.length;
      if (length > blockBytesMax)
        throw new R3mesError({ code: "CONTENT_CORRUPT", cid: cid.toString() });
      parts.push(part);
    }
  } catch (error) {
    if (error instanceof R3mesError) throw error;
    throw new R3mesError({ code: "CONTENT_UNAVAILABLE", cid: cid.toString() }, { cause: error });
  }
  if (parts.length === 1) return parts[0]!;
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
