/**
 * Messages as hardware wallets show and sign them: amino JSON (ADR-011 and the `amino` options of the protobuf files). It must hold
 * no list of messages: names and what is left out come from the generated descriptors.
 */
import { type DescField, type DescMessage, getOption, type MessageShape } from "@bufbuild/protobuf";
import { type ReflectMessage, reflect } from "@bufbuild/protobuf/reflect";
import type { AminoMsg } from "@cosmjs/amino";
import { toBase64 } from "@cosmjs/encoding";
import { aminoDontOmitEmpty, aminoName } from "@r3mes/protocol/messages";

/** The message under its amino name. Source: `x/tx/signing/aminojson` of the Cosmos SDK 0.53. */
export function aminoMessage<Desc extends DescMessage>(
  schema: Desc,
  message: MessageShape<Desc>,
): AminoMsg {
  return { type: getOption(schema, aminoName), value: fieldsOf(reflect(schema, message)) };
}

function fieldsOf(message: ReflectMessage): Record<string, unknown> {
  const written = message.fields.filter(
    (field) => message.isSet(field) || getOption(field, aminoDontOmitEmpty),
  );
  return Object.fromEntries(written.map((field) => [field.name, fieldValue(message, field)]));
}

function fieldValue(message: ReflectMessage, field: DescField): unknown {
  const value: unknown = message.get(field);
  if (field.fieldKind !== "list") return single(value);
  const items = [...(value as Iterable<unknown>)];
  return items.length === 0 ? null : items.map(single); // as Go writes a slice that is nil
}

/** 64-bit integers are text and bytes are base64; everything else is what JSON has. */
function single(value: unknown): unknown {
  if (typeof value === "bigint") return value.toString();
  if (value instanceof Uint8Array) return toBase64(value);
  return isMessage(value) ? fieldsOf(value) : value;
}

function isMessage(value: unknown): value is ReflectMessage {
  return typeof value === "object" && value !== null && "desc" in value;
}
