/**
 * Builds and signs the bytes of one transaction, by its protobuf bytes or, where a wallet shows it on a device, by its amino
 * document. Source: ADR-020 and ADR-070 of the Cosmos SDK.
 */
import type { StdFee } from "@cosmjs/amino";
import { fromBase64, toBase64 } from "@cosmjs/encoding";
import { encodePubkey, makeAuthInfoBytes, makeSignDoc } from "@cosmjs/proto-signing";
import { R3mesError } from "@r3mes/protocol";
import { SignMode } from "cosmjs-types/cosmos/tx/signing/v1beta1/signing";
import { TxBody, TxRaw } from "cosmjs-types/cosmos/tx/v1beta1/tx";
import { Timestamp } from "cosmjs-types/google/protobuf/timestamp";
import { aminoDocument } from "./aminoDocument.ts";
import { accountOf, type Signer, type SignerAccount } from "./signer.ts";
import {
  type Ordering,
  type SigningContext,
  stdFee,
  type TransactionDraft,
} from "./transactionDraft.ts";

const signatureBytes = 64;

function encodeBody({ messages, ordering, memo = "" }: TransactionDraft): Uint8Array {
  const unordered = ordering.kind === "unordered";
  return TxBody.encode(
    TxBody.fromPartial({
      messages: messages.map(({ typeUrl, value }) => ({ typeUrl, value })),
      memo,
      unordered,
      ...(unordered
        ? {
            timeoutTimestamp: Timestamp.fromPartial({
              seconds: ordering.timeout / 1_000_000_000n,
              nanos: Number(ordering.timeout % 1_000_000_000n),
            }),
          }
        : {}),
    }),
  ).finish();
}

/**
 * The bytes to broadcast, or to keep and broadcast again. A wallet may change the fee and the memo before it signs; what it
 * signed is what is sent.
 */
export async function signTransaction(
  draft: TransactionDraft,
  context: SigningContext,
  signer: Signer,
): Promise<Uint8Array> {
  const account = await signingAccount(signer, context.address);
  if ("signDirect" in signer) {
    const { signed, signature } = await signer.signDirect(
      context.address,
      makeSignDoc(
        encodeBody(draft),
        encodeAuthInfo(draft.ordering, stdFee(draft), account, SignMode.SIGN_MODE_DIRECT),
        context.chainId,
        context.accountNumber,
      ),
    );
    return encode(signed.bodyBytes, signed.authInfoBytes, fromBase64(signature.signature));
  }
  const document = aminoDocument(draft, context);
  const { signed, signature } = await signer.signAmino(context.address, document);
  const mode = SignMode.SIGN_MODE_LEGACY_AMINO_JSON;
  const authInfo = encodeAuthInfo(draft.ordering, signed.fee, account, mode);
  const body = encodeBody({ ...draft, memo: signed.memo });
  return encode(body, authInfo, fromBase64(signature.signature));
}

/** The bytes that a simulation takes, which checks no signature: nobody is asked to sign what is only estimated. */
export async function unsignedTransaction(
  draft: TransactionDraft,
  context: SigningContext,
  signer: Signer,
): Promise<Uint8Array> {
  const account = await signingAccount(signer, context.address);
  const authInfo = encodeAuthInfo(
    draft.ordering,
    stdFee(draft),
    account,
    SignMode.SIGN_MODE_DIRECT,
  );
  return encode(encodeBody(draft), authInfo, new Uint8Array(signatureBytes));
}

async function signingAccount(signer: Signer, address: string): Promise<SignerAccount> {
  const account = await accountOf(signer, address);
  if (account === undefined) throw new R3mesError({ code: "SIGNER_LACKS_ADDRESS", address });
  return account;
}

function encodeAuthInfo(
  ordering: Ordering,
  fee: StdFee,
  account: SignerAccount,
  mode: SignMode,
): Uint8Array {
  const key = { type: "tendermint/PubKeySecp256k1", value: toBase64(account.publicKey) };
  const sequence = ordering.kind === "ordered" ? ordering.sequence : 0n;
  return makeAuthInfoBytes(
    [{ pubkey: encodePubkey(key), sequence }],
    fee.amount,
    Number(fee.gas),
    fee.granter,
    fee.payer,
    mode,
  );
}

function encode(body: Uint8Array, authInfo: Uint8Array, signature: Uint8Array): Uint8Array {
  return TxRaw.encode({
    bodyBytes: body,
    authInfoBytes: authInfo,
    signatures: [signature],
  }).finish();
}
