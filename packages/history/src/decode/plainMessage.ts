/**
 * A message of the protocol as plain JSON: bytes in hexadecimal, addresses of content in base32, enums by their lower-case
 * names, heights and numbers of records as numbers, every other 64-bit value as a decimal string.
 */
import type { DescEnum, DescField, DescMessage, Message } from "@bufbuild/protobuf";
import { type ReflectMessage, reflect } from "@bufbuild/protobuf/reflect";
import { sha256, toHex } from "@r3mes/protocol";
import { CID } from "multiformats/cid";

export type Plain = null | boolean | number | string | readonly Plain[] | PlainRecord;
export type PlainRecord = { readonly [key: string]: Plain };

/** Longer bytes are named by their hash where `bytesMax` is given. */
export type PlainOptions = { readonly bytesMax?: number };

export function plainMessage(
  schema: DescMessage,
  message: Message,
  options: PlainOptions = {},
): PlainRecord {
  return plainReflected(reflect(schema, message), options);
}

/** The text of the 36 bytes of an address, or their hexadecimal form if they are none. */
export function cidText(bytes: Uint8Array): string {
  try {
    return CID.decode(bytes).toString();
  } catch {
    return toHex(bytes);
  }
}

/** Hexadecimal form of a hash; null where the message left it out. */
export function hashText(bytes: Uint8Array): string | null {
  return bytes.length === 0 ? null : toHex(bytes);
}

/** The lower-case name of an enum's value, such as "cannot_check"; "" for the unspecified one, the number for an unknown one. */
export function enumWord(schema: DescEnum, value: number): string {
  const name = schema.value[value]?.localName.toLowerCase() ?? String(value);
  return name === "unspecified" ? "" : name;
}

function plainReflected(message: ReflectMessage, options: PlainOptions): PlainRecord {
  const entries = message.fields
    .filter((field) => field.fieldKind !== "message" || message.isSet(field))
    .map((field) => [field.localName, plainField(field, message, options)]);
  return Object.fromEntries(entries) as PlainRecord;
}

function plainField(field: DescField, message: ReflectMessage, options: PlainOptions): Plain {
  const one = (value: unknown): Plain => plainValue(field, value, options);
  switch (field.fieldKind) {
    case "list":
      return [...message.get(field)].map(one);
    case "map":
      return Object.fromEntries([...message.get(field)].map(([key, value]) => [key, one(value)]));
    default:
      return one(message.get(field));
  }
}

function plainValue(field: DescField, value: unknown, options: PlainOptions): Plain {
  if (value instanceof Uint8Array) return plainBytes(field, value, options);
  if (typeof value === "bigint") {
    // Nobody is kept from sending a number that the chain could never have counted to.
    const isSafe = value <= BigInt(Number.MAX_SAFE_INTEGER) && value >= 0n;
    return isSafe && isCounter(field.name) ? Number(value) : String(value);
  }
  if (field.enum != null && typeof value === "number") return enumWord(field.enum, value);
  if (typeof value === "object" && value !== null) {
    return plainReflected(value as ReflectMessage, options);
  }
  return value as Plain;
}

function plainBytes(field: DescField, value: Uint8Array, { bytesMax }: PlainOptions): Plain {
  if (/(^|_)cid$/.test(field.name) && value.length > 0) return cidText(value);
  if (bytesMax !== undefined && value.length > bytesMax) {
    return { bytes: value.length, sha256: toHex(sha256(value)) };
  }
  return toHex(value);
}

/** What the chain counts one by one, and what therefore stays far below 2^53. */
function isCounter(name: string): boolean {
  return /(^|_)(id|height|epoch|chunk|subject|until|number)$/.test(name);
}
