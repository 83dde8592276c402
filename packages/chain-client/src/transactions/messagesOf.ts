/** The messages of one kind that a transaction of a block holds. Its other messages may be any bytes, and are left alone. */
import { type DescMessage, fromBinary, type MessageShape } from "@bufbuild/protobuf";
import { TxBody, TxRaw } from "cosmjs-types/cosmos/tx/v1beta1/tx";

/** In their order. Throws where the bytes are no transaction, which a block that the chain has executed does not hold. */
export function messagesOf<Desc extends DescMessage>(
  schema: Desc,
  transaction: Uint8Array,
): MessageShape<Desc>[] {
  const { messages } = TxBody.decode(TxRaw.decode(transaction).bodyBytes);
  const wanted = messages.filter(({ typeUrl }) => typeUrl === `/${schema.typeName}`);
  return wanted.map(({ value }) => fromBinary(schema, value));
}
