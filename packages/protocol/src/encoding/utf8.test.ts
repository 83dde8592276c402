import fc from "fast-check";
import { expect, test } from "vitest";
import { refusalOf } from "../testing/readVectors.ts";
import { texts } from "../testing/texts.ts";
import { decodeUtf8, encodeUtf8 } from "./utf8.ts";

test("the platform's encoder and decoder agree on every text", () => {
  fc.assert(
    fc.property(texts(40), (text) => {
      const bytes = new TextEncoder().encode(text);
      expect(encodeUtf8(text)).toEqual(bytes);
      expect(decodeUtf8(bytes)).toBe(text);
    }),
  );
});

test("random bytes are accepted exactly when the platform's strict decoder accepts them", () => {
  const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  const likely = fc.constantFrom(
    0x00,
    0x41,
    0x80,
    0xbf,
    0xc0,
    0xc2,
    0xe0,
    0xed,
    0xef,
    0xf0,
    0xf4,
    0xf5,
    0xff,
  );
  const byte = fc.oneof(likely, fc.nat(255));
  fc.assert(
    fc.property(fc.array(byte, { maxLength: 6 }), (items) => {
      const bytes = Uint8Array.from(items);
      let expected: string | undefined;
      try {
        expected = strict.decode(bytes);
      } catch {
        expected = undefined;
      }
      if (expected === undefined)
        expect(refusalOf(() => decodeUtf8(bytes))).toBe("ENCODING_INVALID");
      else expect(decodeUtf8(bytes)).toBe(expected);
    }),
    { numRuns: 2000 },
  );
});

test.each(["\ud800", "a\udfff", "\udc00\ud800"])("a lone surrogate is refused (%#)", (text) => {
  expect(refusalOf(() => encodeUtf8(text))).toBe("ENCODING_INVALID");
});
