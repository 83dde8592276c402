/** Typed events of the chain as messages of the generated types. */
import { type DescMessage, fromJsonString, type MessageShape } from "@bufbuild/protobuf";
import type { RawEvent } from "../rpc/chainRpc.ts";

/** What the SDK adds to a typed event that is not part of the message. */
const added = new Set(["msg_index", "mode"]);

/**
 * The event as a message of `schema`, or undefined when it is of another type. The SDK writes each field of the message as one
 * attribute whose value is its JSON.
 */
export function decodeEvent<Desc extends DescMessage>(
  schema: Desc,
  event: RawEvent,
): MessageShape<Desc> | undefined {
  if (event.type !== schema.typeName) return undefined;
  const fields = event.attributes
    .filter(({ key }) => !added.has(key))
    .map(({ key, value }) => `${JSON.stringify(key)}:${value}`);
  return fromJsonString(schema, `{${fields.join(",")}}`, { ignoreUnknownFields: true });
}
