/**
 * Answers of the chain that are decoded once, however many participants ask the same question in a block. What they share nobody may
 * change: it is frozen, so that a loop which writes into an answer fails here instead of telling the others something.
 */
import { type DescMessage, fromBinary, type MessageShape } from "@bufbuild/protobuf";
import type { DecodeAnswer } from "@r3mes/chain-client";

/** Answers with the same bytes, not bytes of the same value, are one answer: whoever keeps them decides how long it is kept. */
export function createSharedAnswers(): DecodeAnswer {
  const decoded = new WeakMap<Uint8Array, unknown>();
  return <Desc extends DescMessage>(schema: Desc, bytes: Uint8Array): MessageShape<Desc> => {
    const found = decoded.get(bytes) as MessageShape<Desc> | undefined;
    if (found !== undefined) return found;
    const message = frozen(fromBinary(schema, bytes));
    decoded.set(bytes, message);
    return message;
  };
}

function frozen<T>(value: T): T {
  // The bytes of a view cannot be frozen.
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return value;
  for (const part of Object.values(value)) frozen(part);
  return Object.freeze(value);
}
