/** The messages that transactions are read with: all of this module, and those of the SDK that people send every day. */
import { type DescMessage, fromBinary } from "@bufbuild/protobuf";
import { toHex } from "@r3mes/protocol";
import { file_remes_v1_tx } from "@r3mes/protocol/messages";
import { MsgSend } from "cosmjs-types/cosmos/bank/v1beta1/tx";
import { MsgWithdrawDelegatorReward } from "cosmjs-types/cosmos/distribution/v1beta1/tx";
import { MsgDeposit, MsgSubmitProposal, MsgVote } from "cosmjs-types/cosmos/gov/v1/tx";
import { MsgUnjail } from "cosmjs-types/cosmos/slashing/v1beta1/tx";
import {
  MsgBeginRedelegate,
  MsgCreateValidator,
  MsgDelegate,
  MsgUndelegate,
} from "cosmjs-types/cosmos/staking/v1beta1/tx";
import type { Any } from "cosmjs-types/google/protobuf/any";
import { type PlainRecord, plainMessage } from "./plainMessage.ts";

/** Bytes of a message up to here are written out. */
const bytesMax = 1_024;

export type PlainAny = { readonly type: string; readonly value: PlainRecord };

const own: ReadonlyMap<string, DescMessage> = new Map(
  file_remes_v1_tx.messages.map((schema) => [schema.typeName, schema]),
);

type SdkType = {
  readonly typeUrl: string;
  readonly decode: (bytes: Uint8Array) => object;
  readonly toJSON: (message: never) => unknown;
};

const ofSdk: ReadonlyMap<string, SdkType> = new Map(
  [
    MsgSend,
    MsgVote,
    MsgDeposit,
    MsgUnjail,
    MsgDelegate,
    MsgUndelegate,
    MsgBeginRedelegate,
    MsgCreateValidator,
    MsgWithdrawDelegatorReward,
  ].map((type) => [type.typeUrl.slice(1), type as SdkType]),
);

/** The schema of a message of this module. */
export function messageSchema(typeUrl: string): DescMessage | undefined {
  return own.get(typeUrl.slice(1));
}

/** A message as JSON; one that is unknown or does not decode keeps its bytes in hexadecimal. */
export function plainAny({ typeUrl, value }: Pick<Any, "typeUrl" | "value">): PlainAny {
  const type = typeUrl.slice(1);
  try {
    const schema = own.get(type);
    if (schema !== undefined) {
      return { type, value: plainMessage(schema, fromBinary(schema, value), { bytesMax }) };
    }
    if (typeUrl === MsgSubmitProposal.typeUrl) return { type, value: plainProposal(value) };
    const sdk = ofSdk.get(type);
    if (sdk !== undefined) {
      return { type, value: sdk.toJSON(sdk.decode(value) as never) as PlainRecord };
    }
  } catch {
    // What does not decode is shown as it is.
  }
  return { type, value: { bytes: toHex(value.slice(0, bytesMax)) } };
}

function plainProposal(bytes: Uint8Array): PlainRecord {
  const proposal = MsgSubmitProposal.decode(bytes);
  const { messages, initialDeposit, proposer, title, summary, metadata } = proposal;
  return {
    messages: messages.map((message) => plainAny(message)),
    initialDeposit: initialDeposit.map(({ denom, amount }) => ({ denom, amount })),
    proposer,
    title,
    summary,
    metadata,
  };
}
