/** Accounts as bytes and as text: spec/encoding.md section 10. */
import { ripemd160 } from "@noble/hashes/legacy.js";
import { bech32 } from "@scure/base";
import { R3mesError } from "../errors/R3mesError.ts";
import { sha256 } from "../hash/sha256.ts";

/** An address as text, checked: `remes1…`, 44 characters. */
export type AddressText = string & { readonly __brand: "AddressText" };

const addressPrefix = "remes";
const addressBytes = 20;
const addressCharacters = 44;
const publicKeyBytes = 33;

/** The 20 bytes of the account of a compressed secp256k1 key. Throws ADDRESS_INVALID. */
export function addressOfPublicKey(publicKey: Uint8Array): Uint8Array {
  const compressed = publicKey[0] === 2 || publicKey[0] === 3;
  if (publicKey.length !== publicKeyBytes || !compressed) {
    throw new R3mesError({ code: "ADDRESS_INVALID", publicKey });
  }
  return ripemd160(sha256(publicKey));
}

/** Throws ADDRESS_INVALID unless there are 20 bytes. */
export function encodeAddress(address: Uint8Array): AddressText {
  if (address.length !== addressBytes) {
    throw new R3mesError({ code: "ADDRESS_INVALID", bytes: address.length });
  }
  return bech32.encode(addressPrefix, bech32.toWords(address)) as AddressText;
}

/** The 20 bytes of an address. Throws ADDRESS_INVALID for any other text, upper case included. */
export function decodeAddress(text: string): Uint8Array {
  // The length comes first: what nobody vouches for is not echoed whole into an error.
  if (text.length !== addressCharacters) {
    throw new R3mesError({ code: "ADDRESS_INVALID", characters: text.length });
  }
  const decoded = text === text.toLowerCase() ? bech32.decodeUnsafe(text) : undefined;
  const words = decoded?.prefix === addressPrefix ? decoded.words : undefined;
  const address = words && bech32.fromWordsUnsafe(words);
  if (!(address instanceof Uint8Array) || address.length !== addressBytes) {
    throw new R3mesError({ code: "ADDRESS_INVALID", address: text });
  }
  return address;
}
