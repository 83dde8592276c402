/** Reads hexadecimal of either case; refuses everything else. */
import { R3mesError } from "../errors/R3mesError.ts";

/** Throws ENCODING_INVALID for an odd number of digits or a character that is no digit. */
export function fromHex(text: string): Uint8Array {
  if (text.length % 2 !== 0 || !/^[0-9a-fA-F]*$/.test(text)) {
    throw new R3mesError({ code: "ENCODING_INVALID", reason: "not hexadecimal" });
  }
  const bytes = new Uint8Array(text.length >> 1);
  for (let i = 0; i < bytes.length; i++) {
    bytes[i] = Number.parseInt(text.slice(2 * i, 2 * i + 2), 16);
  }
  return bytes;
}
