/** Builds and signs the bytes of one transaction, direct mode. Source: ADR-020 and ADR-070 of the Cosmos SDK. */
import { fromBase64, toBase64 } from "@cosmjs/encoding";
import { encodePubkey, makeAuthInfoBytes, makeSignDoc } from "@cosmjs/proto-signing";
import { R3mesError } from "@r3mes/protocol";
import { TxBody, TxRaw } from "cosmjs-types/cosmos/tx/v1beta1/tx";
import { Timestamp } from "cosmjs-types/google/protobuf/timestamp";
import type { ChainMessage } from "./chainMessage.ts";
import { accountOf, type Signer } from "./signer.ts";

/**
 * Unordered transactions carry no sequence: the pair (sender, timeout) makes them unique, and after the timeout they can never
 * be executed. Ordered ones are for wallets that ask for them.
 */
export type Ordering =
  | { readonly kind: "unordered" /** Nanoseconds since 1970. */; readonly timeout: bigint }
  | { readonly kind: "ordered"; readonly sequence: bigint };

export interface TransactionDraft {
  readonly messages: readonly ChainMessage[];
  readonly ordering: Ordering;
  readonly gas: bigint;
  /** In uremes. */
  readonly fee: bigint;
  readonly memo?: string;
}

export interface SigningContext {
  readonly chainId: string;
  readonly accountNumber: bigint;
  readonly address: string;
}

export function encodeBody({ messages, ordering, memo = "" }: TransactionDraft): Uint8Array {
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

/** The bytes to broadcast, or to keep and broadcast again. */
export async function signTransaction(
  draft: TransactionDraft,
  context: SigningContext,
  signer: Signer,
): Promise<Uint8Array> {
  const account = await accountOf(signer, context.address);
  if (account === undefined) {
    throw new R3mesError({ code: "SIGNER_LACKS_ADDRESS", address: context.address });
  }
  const pubkey = encodePubkey({
    type: "tendermint/PubKeySecp256k1",
    value: toBase64(account.publicKey),
  });
  const sequence = draft.ordering.kind === "ordered" ? draft.ordering.sequence : 0n;
  const authInfo = makeAuthInfoBytes(
    [{ pubkey, sequence }],
    [{ denom: "uremes", amount: draft.fee.toString() }],
    Number(draft.gas),
    undefined,
    undefined,
  );
  const body = encodeBody(draft);
  const document = makeSignDoc(body, authInfo, context.chainId, context.accountNumber);
  const { signature } = await signer.signDirect(context.address, document);
  return TxRaw.encode({
    bodyBytes: body,
    authInfoBytes: authInfo,
    signatures: [fromBase64(signature.signature)],
  }).finish();
}
