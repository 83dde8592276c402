/** The content identifiers that the protocol admits: CIDv1 with SHA-256, raw or dag-pb, 36 bytes. */
import { R3mesError } from "../errors/R3mesError.ts";
import { LIMITS } from "../gen/limits.ts";

const rawCodec = 0x55;
const dagPbCodec = 0x70;

/** Throws CID_INVALID unless the bytes are such an identifier. */
export function checkCid(cid: Uint8Array): void {
  const [version, codec, digest, digestBytes] = cid;
  const sound =
    cid.length === LIMITS.cidBytes &&
    version === 1 &&
    (codec === rawCodec || codec === dagPbCodec) &&
    digest === 0x12 &&
    digestBytes === 32;
  if (!sound) throw new R3mesError({ code: "CID_INVALID", cid });
}
