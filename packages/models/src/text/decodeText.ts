/** Bytes to text, for files whose reader names the file in its own error. */
import { decodeUtf8 } from "@r3mes/protocol";

/** @returns the text, or undefined where the bytes are not strict UTF-8: the caller knows which file it was */
export function decodeText(bytes: Uint8Array): string | undefined {
  try {
    return decodeUtf8(bytes);
  } catch {
    return undefined;
  }
}
