/**
 * UTF-8 in both directions, strict: what cannot be written or read exactly is refused, never replaced.
 * The platform's encoder is not used because it silently replaces lone surrogates.
 */
import { R3mesError } from "../errors/R3mesError.ts";

/** Throws ENCODING_INVALID for a lone surrogate, which UTF-8 cannot express. */
export function encodeUtf8(text: string): Uint8Array {
  const bytes: number[] = [];
  for (const character of text) {
    const point = character.codePointAt(0)!;
    if (point >= 0xd800 && point <= 0xdfff) refuse("lone surrogate", bytes.length);
    if (point < 0x80) bytes.push(point);
    else if (point < 0x800) bytes.push(0xc0 | (point >> 6), tail(point));
    else if (point < 0x10000) bytes.push(0xe0 | (point >> 12), tail(point >> 6), tail(point));
    else bytes.push(0xf0 | (point >> 18), tail(point >> 12), tail(point >> 6), tail(point));
  }
  return Uint8Array.from(bytes);
}

/** Throws ENCODING_INVALID for truncated, overlong, surrogate or out-of-range sequences. */
export function decodeUtf8(bytes: Uint8Array): string {
  const pieces: string[] = [];
  let at = 0;
  while (at < bytes.length) {
    const lead = bytes[at]!;
    const length = sequenceLength(lead, at);
    let point = length === 1 ? lead : lead & (0xff >> (length + 1));
    for (let i = 1; i < length; i++) {
      const next = bytes[at + i];
      if (next === undefined || (next & 0xc0) !== 0x80) refuse("truncated character", at);
      point = (point << 6) | (next & 0x3f);
    }
    if (point < smallestPoint[length]! || point > 0x10ffff) refuse("overlong character", at);
    if (point >= 0xd800 && point <= 0xdfff) refuse("surrogate", at);
    pieces.push(String.fromCodePoint(point));
    at += length;
  }
  return pieces.join("");
}

/** The smallest code point that needs a sequence of this length. */
const smallestPoint = [0, 0, 0x80, 0x800, 0x10000];

function sequenceLength(lead: number, offset: number): number {
  if (lead < 0x80) return 1;
  if (lead >= 0xc0 && lead < 0xe0) return 2;
  if (lead >= 0xe0 && lead < 0xf0) return 3;
  if (lead >= 0xf0 && lead < 0xf8) return 4;
  return refuse("no character begins here", offset);
}

function tail(point: number): number {
  return 0x80 | (point & 0x3f);
}

function refuse(reason: string, offset: number): never {
  throw new R3mesError({ code: "ENCODING_INVALID", reason: `UTF-8: ${reason}`, offset });
}
