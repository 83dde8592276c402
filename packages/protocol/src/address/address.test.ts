import fc from "fast-check";
import { expect, test } from "vitest";
import { fromHex } from "../encoding/fromHex.ts";
import { toHex } from "../encoding/toHex.ts";
import { readVectors, refusalOf } from "../testing/readVectors.ts";
import { texts } from "../testing/texts.ts";
import { addressOfPublicKey, decodeAddress, encodeAddress } from "./address.ts";

test.each(readVectors("address/address.json"))("$name", ({ publicKey, address, text, refused }) => {
  expect(refusalOf(() => decodeAddress(text))).toBe(refused);
  if (refused !== undefined) return;
  expect(toHex(decodeAddress(text))).toBe(address);
  expect(encodeAddress(fromHex(address))).toBe(text);
  if (publicKey !== undefined) expect(toHex(addressOfPublicKey(fromHex(publicKey)))).toBe(address);
});

test("any 20 bytes come back, and any one character changed is refused", () => {
  const alphabet = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
  const bytes = fc.uint8Array({ minLength: 20, maxLength: 20 });
  fc.assert(
    fc.property(bytes, fc.integer({ min: 6, max: 43 }), fc.nat(31), (address, at, other) => {
      const text = encodeAddress(address);
      expect(decodeAddress(text)).toEqual(address);
      if (text[at] === alphabet[other]) return;
      const changed = text.slice(0, at) + alphabet[other] + text.slice(at + 1);
      expect(refusalOf(() => decodeAddress(changed))).toBe("ADDRESS_INVALID");
    }),
  );
});

test("hostile text is refused, however long", () => {
  fc.assert(
    fc.property(texts(100), (text) => {
      expect(refusalOf(() => decodeAddress(text))).toBe("ADDRESS_INVALID");
    }),
  );
  expect(refusalOf(() => decodeAddress("remes1".padEnd(1_000_000, "q")))).toBe("ADDRESS_INVALID");
});

test.each([0, 19, 21, 32])("%i bytes are no address", (length) => {
  expect(refusalOf(() => encodeAddress(new Uint8Array(length)))).toBe("ADDRESS_INVALID");
});

test("only compressed keys have addresses", () => {
  expect(refusalOf(() => addressOfPublicKey(new Uint8Array(33).with(0, 4)))).toBe(
    "ADDRESS_INVALID",
  );
  expect(refusalOf(() => addressOfPublicKey(new Uint8Array(65).with(0, 4)))).toBe(
    "ADDRESS_INVALID",
  );
});
