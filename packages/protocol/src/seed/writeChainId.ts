/** Refuses chain ids that no CometBFT chain can have. */
import type { Writer } from "../encoding/createWriter.ts";
import { encodeUtf8 } from "../encoding/utf8.ts";
import { R3mesError } from "../errors/R3mesError.ts";
import { LIMITS } from "../gen/limits.ts";

/** Writes a chain id. Throws NUMBER_OUT_OF_RANGE unless it has 1 to 50 bytes. */
export function writeChainId(fields: Writer, chain: string): Writer {
  const found = encodeUtf8(chain).length;
  const max = LIMITS.chainIdBytesMax;
  if (found < 1 || found > max) {
    throw new R3mesError({
      code: "NUMBER_OUT_OF_RANGE",
      name: "chain id bytes",
      min: 1,
      max,
      found,
    });
  }
  return fields.text(chain);
}
