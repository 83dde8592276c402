/**
 * The address of content: a CIDv1 whose hash is SHA-256. It is 36 bytes on the chain and base32 text elsewhere; every other kind of
 * CID is refused, so that one content has one address. Source: CID v1 specification; spec/limits.json, cidBytes.
 */
import { LIMITS, R3mesError, toHex } from "@r3mes/protocol";
import { CID } from "multiformats/cid";

/** Base32 text of the CID, such as `bafy…` or `bafk…`. */
export type ContentId = string & { readonly __brand: "ContentId" };

export const rawCodec = 0x55;
export const dagPbCodec = 0x70;
export const sha256Code = 0x12;

export function parseContentId(text: string): ContentId {
  return contentIdOf(read(text, () => CID.parse(text)));
}

/** From the 36 bytes that the chain stores. */
export function contentIdFromBytes(bytes: Uint8Array): ContentId {
  return contentIdOf(read(bytes, () => CID.decode(bytes)));
}

export function contentIdToBytes(id: ContentId): Uint8Array {
  return cidOf(id).bytes;
}

export function cidOf(id: ContentId): CID {
  return CID.parse(id);
}

export function contentIdOf(cid: CID): ContentId {
  const isOurs =
    cid.version === 1 &&
    cid.multihash.code === sha256Code &&
    (cid.code === rawCodec || cid.code === dagPbCodec) &&
    cid.bytes.length === LIMITS.cidBytes;
  if (!isOurs) throw new R3mesError({ code: "CID_INVALID", cid: cid.toString() });
  return cid.toString() as ContentId;
}

/** The hex of a block's SHA-256, under whatever codec it is named. */
export function hashOf(cid: CID): string {
  return toHex(cid.multihash.digest);
}

function read(input: string | Uint8Array, parse: () => CID): CID {
  try {
    return parse();
  } catch (error) {
    throw new R3mesError({ code: "CID_INVALID", cid: input }, { cause: error });
  }
}
