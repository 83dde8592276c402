/** Refuses chain ids that no CometBFT chain can have. */
import type { Writer } from "../encoding/createWriter.ts";
import { encodeUtf8 } from "../encoding/utf8.ts";
import { LIMITS } from "../gen/limits.ts";
import { checkRange } from "../limits/checkRange.ts";

/** Writes a chain id. Throws NUMBER_OUT_OF_RANGE unless it has 1 to 50 bytes. */
export function writeChainId(fields: Writer, chain: string): Writer {
  checkRange("chain id bytes", encodeUtf8(chain).length, 1, LIMITS.chainIdBytesMax);
  return fields.text(chain);
}
