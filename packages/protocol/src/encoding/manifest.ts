/**
 * Canonical JSON for manifests (spec/encoding.md section 3): one value, one spelling. Reading means
 * parsing and writing again: whatever differs is refused, so repeated keys, spaces and other spellings
 * of a number need no rule of their own.
 */
import { R3mesError } from "../errors/R3mesError.ts";
import { LIMITS } from "../gen/limits.ts";
import type { Hash } from "../hash/asHash.ts";
import { equalBytes } from "../hash/equalBytes.ts";
import { taggedHash } from "../hash/taggedHash.ts";
import { checkLimit } from "../limits/checkLimit.ts";
import { decodeUtf8, encodeUtf8 } from "./utf8.ts";

export type ManifestValue =
  | string
  | number
  | boolean
  | readonly ManifestValue[]
  | { readonly [key: string]: ManifestValue };

export type Manifest = { readonly [key: string]: ManifestValue };

/** Throws JSON_NOT_CANONICAL for a value that canonical JSON cannot hold, LIMIT_EXCEEDED for size. */
export function encodeManifest(manifest: Manifest): Uint8Array {
  if (!isObject(manifest)) refuse("the outermost value is not an object");
  const bytes = encodeUtf8(writeValue(manifest, 1));
  checkLimit("manifestBytesMax", bytes.length);
  return bytes;
}

/** Throws JSON_NOT_CANONICAL unless the bytes are exactly what `encodeManifest` writes. */
export function decodeManifest(bytes: Uint8Array): Manifest {
  checkLimit("manifestBytesMax", bytes.length);
  const text = decodeUtf8(bytes);
  checkDepth(text);
  const manifest = parse(text);
  if (!equalBytes(encodeManifest(manifest), bytes)) refuse("the bytes are not the one spelling");
  return manifest;
}

/** The hash of a manifest's canonical bytes. */
export function manifestHash(canonical: Uint8Array): Hash {
  return taggedHash("remes/manifest/1", (fields) => fields.raw(canonical));
}

function parse(text: string): Manifest {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new R3mesError({ code: "JSON_NOT_CANONICAL", reason: "it is not JSON" }, { cause });
  }
}

function writeValue(value: ManifestValue, level: number): string {
  if (typeof value === "boolean") return String(value);
  if (typeof value === "number") return writeInteger(value);
  if (typeof value === "string") return writeString(value);
  if (typeof value !== "object" || value === null) return refuse(`${typeof value} has no place`);
  checkLimit("manifestDepthMax", level);
  if (Array.isArray(value)) {
    return `[${value.map((item) => writeValue(item, level + 1)).join(",")}]`;
  }
  if (!isObject(value)) return refuse("only plain objects have a place");
  const members = Object.keys(value)
    .sort(ascending)
    .map((key) => `${writeKey(key)}:${writeValue(value[key]!, level + 1)}`);
  return `{${members.join(",")}}`;
}

function writeInteger(value: number): string {
  if (!Number.isSafeInteger(value) || Object.is(value, -0)) {
    refuse(`${value} is no integer within 2^53 - 1`);
  }
  return String(value);
}

function writeString(value: string): string {
  if (/\p{Surrogate}/u.test(value)) refuse("a string holds a lone surrogate");
  // Apart from lone surrogates, JSON.stringify escapes exactly what RFC 8785 escapes.
  return JSON.stringify(value);
}

function writeKey(key: string): string {
  if (!/^[ -~]+$/.test(key) || key.length > LIMITS.manifestKeyBytesMax) {
    refuse("a key is not 1 to 128 characters of printable ASCII");
  }
  return JSON.stringify(key);
}

/** Refuses deep nesting before a parser spends stack on it. */
function checkDepth(text: string): void {
  let level = 0;
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"|[[\]{}]/gs)) {
    if (token === "[" || token === "{") checkLimit("manifestDepthMax", ++level);
    else if (token === "]" || token === "}") level--;
  }
}

/** Code order; keys are ASCII, so UTF-16 and UTF-8 order agree. */
function ascending(left: string, right: string): number {
  return left < right ? -1 : 1;
}

function isObject(value: unknown): value is Manifest {
  if (typeof value !== "object" || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function refuse(reason: string): never {
  throw new R3mesError({ code: "JSON_NOT_CANONICAL", reason });
}
