/**
 * The provider's word for a receipt: a secp256k1 signature of its hash (RFC 6979, low s), by a key of the kind that accounts have.
 */
import { secp256k1 } from "@noble/curves/secp256k1.js";
import { equalBytes, R3mesError } from "@r3mes/protocol";
import { outputHash, requestHash } from "./answerHashes.ts";
import { type Receipt, type ReceiptFile, receiptHash, type SignedReceipt } from "./receipt.ts";

export type SignReceipt = (receipt: Receipt) => SignedReceipt;

/** @param secretKey 32 bytes */
export function receiptSigner(secretKey: Uint8Array): SignReceipt {
  const provider = secp256k1.getPublicKey(secretKey);
  return (receipt) => ({
    ...receipt,
    provider,
    signature: secp256k1.sign(receiptHash(receipt), secretKey, { prehash: false }),
  });
}

/**
 * Whether a file says one thing: its hashes are those of what was asked and answered, and its provider signed them. Whether the
 * weights give this answer is another question: compute it.
 *
 * @throws RECEIPT_MISMATCH naming what differs
 */
export function checkReceiptFile(file: ReceiptFile): void {
  const differs = (what: string) => new R3mesError({ code: "RECEIPT_MISMATCH", what });
  if (!equalBytes(requestHash(file.asked), file.request)) throw differs("request");
  if (!equalBytes(outputHash(file.answered), file.output)) throw differs("output");
  if (!isSigned(file)) throw differs("signature");
}

function isSigned(receipt: SignedReceipt): boolean {
  try {
    const { signature, provider } = receipt;
    return secp256k1.verify(signature, receiptHash(receipt), provider, { prehash: false });
  } catch {
    // A key that is no point of the curve signed nothing.
    return false;
  }
}
