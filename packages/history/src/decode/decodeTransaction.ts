/** What a transaction says. Nothing in it is believed: it may be any bytes that a proposer put into a block. */
import { addressOfPublicKey, encodeAddress, sha256, toHex } from "@r3mes/protocol";
import { PubKey } from "cosmjs-types/cosmos/crypto/secp256k1/keys";
import { AuthInfo, TxBody, TxRaw } from "cosmjs-types/cosmos/tx/v1beta1/tx";
import type { Any } from "cosmjs-types/google/protobuf/any";

export type DecodedTransaction = {
  /** SHA-256 of its bytes, in lower-case hexadecimal. */
  readonly hash: string;
  readonly messages: readonly Pick<Any, "typeUrl" | "value">[];
  readonly memo: string;
  /** In uremes. */
  readonly fee: bigint;
  /** Who pays the fee; empty when that cannot be told. */
  readonly payer: string;
};

const denom = "uremes";
const feeMax = 2n ** 64n - 1n;

export function decodeTransaction(bytes: Uint8Array): DecodedTransaction {
  const hash = toHex(sha256(bytes));
  try {
    const { bodyBytes, authInfoBytes } = TxRaw.decode(bytes);
    const body = TxBody.decode(bodyBytes);
    const auth = AuthInfo.decode(authInfoBytes);
    return {
      hash,
      messages: body.messages,
      memo: body.memo,
      fee: feeOf(auth),
      payer: payerOf(auth),
    };
  } catch {
    return { hash, messages: [], memo: "", fee: 0n, payer: "" };
  }
}

function feeOf({ fee }: AuthInfo): bigint {
  const coins = (fee?.amount ?? []).filter((coin) => coin.denom === denom);
  const amounts = coins.map(({ amount }) => (/^\d{1,20}$/.test(amount) ? BigInt(amount) : 0n));
  const sum = amounts.reduce((all, amount) => all + amount, 0n);
  return sum > feeMax ? feeMax : sum;
}

function payerOf({ fee, signerInfos }: AuthInfo): string {
  if (fee !== undefined && fee.payer !== "") return fee.payer;
  const key = signerInfos[0]?.publicKey;
  if (key === undefined || key.typeUrl !== PubKey.typeUrl) return "";
  const { key: point } = PubKey.decode(key.value);
  return encodeAddress(addressOfPublicKey(point));
}
