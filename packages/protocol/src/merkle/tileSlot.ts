/** The leaf of a tile: spec/encoding.md section 6. */
import { createWriter } from "../encoding/createWriter.ts";
import { R3mesError } from "../errors/R3mesError.ts";
import type { Hash } from "../hash/asHash.ts";
import { type Sha256, sha256 } from "../hash/sha256.ts";
import { ELEMENT_TYPES, type TensorLayout, tileBytes } from "./tensorLayout.ts";
import { leafHash } from "./treeHashes.ts";

/** The slot of a tile: its header and its bytes. Throws ENCODING_INVALID for a wrong length. */
export function tileSlot(
  layout: TensorLayout,
  index: number,
  bytes: Uint8Array,
  hash: Sha256 = sha256,
): Hash {
  const expected = tileBytes(layout);
  if (bytes.length !== expected) {
    const { tensor } = layout;
    const found = bytes.length;
    throw new R3mesError({ code: "ENCODING_INVALID", tensor, tile: index, expected, found });
  }
  const writer = createWriter().u8(ELEMENT_TYPES[layout.type]);
  writer.u16(layout.tile[0]).u16(layout.tile[1]).u16(0).u32(layout.tensor).u32(index);
  return leafHash(writer.raw(bytes).finish(), hash);
}
