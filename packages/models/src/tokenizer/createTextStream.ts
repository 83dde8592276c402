/** Text out of tokens while they arrive. */
import { decodeText } from "../text/decodeText.ts";

/** Turns tokens into text while they arrive, never splitting a character. */
export interface TextStream {
  /** @returns the text that is complete after this token; empty while a character is unfinished */
  push(token: number): string;
  /** @returns what is left at the end: U+FFFD for each byte that never became a character */
  end(): string;
}

const REPLACEMENT = "\ufffd";

/**
 * @param bytesOfToken the bytes of each token; empty for tokens that are not text
 */
export function createTextStream(bytesOfToken: (token: number) => Uint8Array): TextStream {
  let pending: number[] = [];

  /** Takes every complete character from the front, and replaces bytes that can never become one. */
  const takeText = (): string => {
    let text = "";
    for (;;) {
      const [first] = pending;
      if (first === undefined) return text;
      const continuations = continuationBytes(first);
      const length = continuations === undefined ? 1 : 1 + continuations;
      const isHopeless = continuations === undefined || hasBadContinuation(pending, length);
      if (!isHopeless && pending.length < length) return text;
      const character = isHopeless
        ? undefined
        : decodeText(Uint8Array.from(pending.slice(0, length)));
      text += character ?? REPLACEMENT;
      pending = pending.slice(character === undefined ? 1 : length);
    }
  };

  return {
    push: (token) => {
      pending.push(...bytesOfToken(token));
      return takeText();
    },
    end: () => {
      const rest = REPLACEMENT.repeat(pending.length);
      pending = [];
      return rest;
    },
  };
}

/** How many bytes follow a first byte, or undefined if no character begins with it (RFC 3629). */
function continuationBytes(first: number): number | undefined {
  if (first < 0x80) return 0;
  if (first < 0xc2) return undefined;
  if (first < 0xe0) return 1;
  if (first < 0xf0) return 2;
  return first < 0xf5 ? 3 : undefined;
}

function hasBadContinuation(bytes: readonly number[], length: number): boolean {
  return bytes.slice(1, length).some((byte) => byte >> 6 !== 0b10);
}
