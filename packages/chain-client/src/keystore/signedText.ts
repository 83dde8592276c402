/**
 * A text that an account signs without sending anything to a chain, as wallets do it (ADR-36 of the Cosmos SDK: an amino document
 * that no chain would execute). It must not decide what a text means, nor whether it was seen before.
 */
import { makeSignDoc, type StdSignDoc, serializeSignDoc } from "@cosmjs/amino";
import { Secp256k1, Secp256k1Signature, sha256 } from "@cosmjs/crypto";
import { toBase64, toUtf8 } from "@cosmjs/encoding";
import { addressOfPublicKey, encodeAddress } from "@r3mes/protocol";

export interface SignedText {
  /** Bech32, of whoever is said to have signed. */
  readonly address: string;
  readonly text: string;
  /** Compressed secp256k1, 33 bytes. */
  readonly publicKey: Uint8Array;
  /** r and s, 32 bytes each. */
  readonly signature: Uint8Array;
}

/** What a wallet's `signArbitrary` signs, as a document that an amino signer takes. */
export function textSignDoc(address: string, text: string): StdSignDoc {
  const value = { signer: address, data: toBase64(toUtf8(text)) };
  const noFee = { gas: "0", amount: [] };
  return makeSignDoc([{ type: "sign/MsgSignData", value }], noFee, "", "", 0, 0);
}

/** Whether the key belongs to the address, and the signature to the key and the text. Malformed parts are wrong ones. */
export function isSignedText({ address, text, publicKey, signature }: SignedText): boolean {
  try {
    if (encodeAddress(addressOfPublicKey(publicKey)) !== address) return false;
    const hash = sha256(serializeSignDoc(textSignDoc(address, text)));
    return Secp256k1.verifySignature(
      Secp256k1Signature.fromFixedLength(signature),
      hash,
      publicKey,
    );
  } catch {
    return false;
  }
}
