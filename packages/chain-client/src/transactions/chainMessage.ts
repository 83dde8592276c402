/** A message as it goes into a transaction: its type URL and its bytes. */
import { create, type DescMessage, type MessageInitShape, toBinary } from "@bufbuild/protobuf";

export interface ChainMessage {
  /** Such as `/remes.v1.MsgCommit`. */
  readonly typeUrl: string;
  readonly value: Uint8Array;
}

/** Packs a message of the generated types: `chainMessage(MsgCommitSchema, { … })`. */
export function chainMessage<Desc extends DescMessage>(
  schema: Desc,
  fields: MessageInitShape<Desc>,
): ChainMessage {
  return {
    typeUrl: `/${schema.typeName}`,
    value: toBinary(schema, create(schema, fields)),
  };
}
