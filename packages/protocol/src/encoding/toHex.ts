/** Lower-case hexadecimal, as hashes are written everywhere outside of encoded bytes. */

const digits = "0123456789abcdef";

export function toHex(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += digits[byte >> 4]! + digits[byte & 15]!;
  return text;
}
