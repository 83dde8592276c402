/**
 * The alphabet of byte-level BPE: a printable character for each byte, so that a vocabulary can be written as text.
 * Source: GPT-2's encoder (Radford et al. 2019), kept by every tokenizer.json with a ByteLevel step.
 */

/** Printable bytes stand for themselves; the others take the code points from 256 on, in order. */
function createByteOfCharacter(): ReadonlyMap<string, number> {
  const byteOfCharacter = new Map<string, number>();
  let unprintable = 0;
  for (let byte = 0; byte < 256; byte += 1) {
    const printable =
      (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || byte >= 0xae;
    const codePoint = printable ? byte : 256 + unprintable;
    if (!printable) unprintable += 1;
    byteOfCharacter.set(String.fromCodePoint(codePoint), byte);
  }
  return byteOfCharacter;
}

const BYTE_OF_CHARACTER = createByteOfCharacter();

/** @returns the bytes that an entry of the vocabulary stands for, or undefined if it is not written in the alphabet */
export function bytesOfEntry(entry: string): Uint8Array | undefined {
  const bytes = new Uint8Array(entry.length);
  for (let i = 0; i < entry.length; i += 1) {
    const byte = BYTE_OF_CHARACTER.get(entry[i]!);
    if (byte === undefined) return undefined;
    bytes[i] = byte;
  }
  return bytes;
}
