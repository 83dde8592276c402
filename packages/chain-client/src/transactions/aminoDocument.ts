/**
 * A transaction as a hardware wallet shows and signs it: amino JSON of the whole. Source: `x/tx/signing/aminojson` of the Cosmos
 * SDK 0.53, which has a place for unordered transactions that CosmJS does not know.
 */
import { type DescMessage, fromBinary } from "@bufbuild/protobuf";
import { type AminoMsg, makeSignDoc, type StdSignDoc } from "@cosmjs/amino";
import { R3mesError } from "@r3mes/protocol";
import { Msg } from "@r3mes/protocol/messages";
import { aminoMessage } from "./aminoMessage.ts";
import type { ChainMessage } from "./chainMessage.ts";
import { type SigningContext, stdFee, type TransactionDraft } from "./transactionDraft.ts";

const schemas = new Map<string, DescMessage>(
  Msg.methods.map(({ input }) => [`/${input.typeName}`, input]),
);

const nanosPerSecond = 1_000_000_000n;

/** Fails with `MESSAGE_NOT_SHOWN` for a message of another module than ours. */
export function aminoDocument(
  draft: TransactionDraft,
  { chainId, accountNumber }: SigningContext,
): StdSignDoc {
  const { messages, ordering, memo = "" } = draft;
  const sequence = ordering.kind === "ordered" ? ordering.sequence : 0n;
  const document = makeSignDoc(
    messages.map(amino),
    stdFee(draft),
    chainId,
    memo,
    String(accountNumber),
    String(sequence),
  );
  if (ordering.kind === "ordered") return document;
  const unordered = { unordered: true, timeout_timestamp: timestamp(ordering.timeout) };
  return { ...document, ...unordered };
}

function amino({ typeUrl, value }: ChainMessage): AminoMsg {
  const schema = schemas.get(typeUrl);
  if (schema === undefined) throw new R3mesError({ code: "MESSAGE_NOT_SHOWN", typeUrl });
  return aminoMessage(schema, fromBinary(schema, value));
}

/** RFC 3339 with as many decimals as there are, as Go writes a time. */
function timestamp(nanoseconds: bigint): string {
  const whole = new Date(Number((nanoseconds / nanosPerSecond) * 1000n)).toISOString().slice(0, 19);
  const fraction = String(nanoseconds % nanosPerSecond)
    .padStart(9, "0")
    .replace(/0+$/, "");
  return fraction === "" ? `${whole}Z` : `${whole}.${fraction}Z`;
}
