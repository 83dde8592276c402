/** Vectors of values, manifests and tagged hashes: spec/encoding.md sections 1 to 3. */
import {
  createReader,
  createWriter,
  decodeManifest,
  encodeUtf8,
  fromHex,
  manifestHash,
  type Reader,
  sha256,
  type Tag,
  taggedHash,
  toHex,
  type Writer,
} from "@r3mes/protocol";
import { counting, outcome } from "./describe.ts";
import type { VectorCase, VectorFile } from "./vectorFile.ts";

type Field = { readonly type: string; readonly value: unknown };

const written: readonly (readonly [string, readonly Field[]])[] = [
  ["nothing", []],
  [
    "unsigned extremes",
    ["u8", "u16", "u32"].flatMap((type) => [
      { type, value: 0 },
      { type, value: 2 ** Number(type.slice(1)) - 1 },
    ]),
  ],
  [
    "byte order",
    [
      { type: "u16", value: 0x0102 },
      { type: "u32", value: 0x01020304 },
      { type: "u64", value: "72623859790382856" },
    ],
  ],
  [
    "u64 extremes",
    [
      { type: "u64", value: "0" },
      { type: "u64", value: "18446744073709551615" },
      { type: "u64", value: "4294967296" },
    ],
  ],
  [
    "i64 extremes",
    ["0", "-1", "9223372036854775807", "-9223372036854775808"].map((value) => ({
      type: "i64",
      value,
    })),
  ],
  [
    "booleans",
    [
      { type: "bool", value: false },
      { type: "bool", value: true },
    ],
  ],
  [
    "a hash and an address have no length",
    [
      { type: "hash", value: toHex(counting(0)) },
      { type: "address", value: toHex(counting(64, 20)) },
    ],
  ],
  [
    "empty bytes and empty text",
    [
      { type: "bytes", value: "" },
      { type: "text", value: "" },
    ],
  ],
  ["bytes that look like a length", [{ type: "bytes", value: "ffffffff" }]],
  ["text of every UTF-8 length", [{ type: "text", value: "aß€😀" }]],
  [
    "text keeps NUL, byte order mark and decomposed accents",
    [{ type: "text", value: "\u0000\ufeffe\u0301" }],
  ],
  [
    "text at the edges of the surrogates",
    [{ type: "text", value: "\ud7ff\ue000\uffff\u{10000}\u{10ffff}" }],
  ],
  [
    "lists",
    [
      { type: "list u32", value: [] },
      { type: "list u32", value: [7, 0, 7] },
    ],
  ],
  [
    "optional",
    [
      { type: "optional u32", value: null },
      { type: "optional u32", value: 0 },
    ],
  ],
  [
    "neighbours do not merge",
    [
      { type: "bytes", value: "01" },
      { type: "bytes", value: "0203" },
    ],
  ],
  [
    "neighbours do not merge, cut elsewhere",
    [
      { type: "bytes", value: "0102" },
      { type: "bytes", value: "03" },
    ],
  ],
];

function writeField(writer: Writer, { type, value }: Field): void {
  if (type === "u8" || type === "u16" || type === "u32") writer[type](value as number);
  else if (type === "u64" || type === "i64") writer[type](BigInt(value as string));
  else if (type === "hash" || type === "address" || type === "bytes") {
    writer[type](fromHex(value as string));
  } else if (type === "bool") writer.bool(value as boolean);
  else if (type === "text") writer.text(value as string);
  else if (type === "list u32") writer.list(value as number[], (list, item) => list.u32(item));
  else if (type === "optional u32") {
    writer.optional((value as number | null) ?? undefined, (field, item) => field.u32(item));
  } else throw new Error(`no field of type ${type}`);
}

/** Bytes that no writer makes, read as fields of these types; bytes, text and lists up to 8. */
const refused: readonly (readonly [string, readonly string[], string])[] = [
  ["cut inside an integer", ["u32"], "010203"],
  ["cut inside a hash", ["hash"], "00".repeat(31)],
  ["cut inside an address", ["address"], "00".repeat(19)],
  ["bytes after the last field", ["u8"], "0100"],
  ["a boolean of 2", ["bool"], "02"],
  ["an optional mark of 255", ["optional u32"], "ff00000000"],
  ["an absent value with bytes behind it", ["optional u32"], "0000000000"],
  ["bytes longer than what is left", ["bytes"], "0400000001020304".slice(0, 14)],
  ["bytes longer than their limit", ["bytes"], `09000000${"00".repeat(9)}`],
  ["the largest length", ["bytes"], "ffffffff"],
  ["a list longer than its limit", ["list u32"], `09000000${"00".repeat(36)}`],
  ["a list of more items than bytes are left", ["list u32"], "0800000001000000"],
  ["a list cut inside an item", ["list u32"], "020000000100000002"],
  ["UTF-8: a lone continuation byte", ["text"], "0100000080"],
  ["UTF-8: a lead byte alone", ["text"], "01000000c3"],
  ["UTF-8: a lead byte before ASCII", ["text"], "02000000c341"],
  ["UTF-8: an overlong slash", ["text"], "02000000c0af"],
  ["UTF-8: an overlong NUL of three bytes", ["text"], "03000000e08080"],
  ["UTF-8: an overlong character of four bytes", ["text"], "04000000f08080af"],
  ["UTF-8: a surrogate", ["text"], "03000000eda080"],
  ["UTF-8: beyond U+10FFFF", ["text"], "04000000f4908080"],
  ["UTF-8: a byte that begins nothing", ["text"], "01000000ff"],
];

function readField(reader: Reader, type: string): unknown {
  if (type === "bytes" || type === "text") return reader[type](8);
  if (type === "list u32") return reader.list(8, (list) => list.u32());
  if (type === "optional u32") return reader.optional((field) => field.u32());
  if (type === "u8" || type === "u32" || type === "hash") return reader[type]();
  if (type === "address" || type === "bool") return reader[type]();
  throw new Error(`no field of type ${type}`);
}

const manifests: readonly (readonly [string, string])[] = [
  ["the empty object", "{}"],
  ["every kind of value", '{"a":[1,-1,0,true,false,"x",{}],"b":{"c":[]}}'],
  ["the largest integers", '{"max":9007199254740991,"min":-9007199254740991}'],
  [
    "keys ascend by code",
    '{"":0}'.replace('""', '" "').replace("0}", '0,"A":1,"_":2,"a":3,"~":4}'),
  ],
  ["escapes", '{"s":"\\b\\t\\n\\f\\r\\"\\\\\\u0000\\u001f/\u007f\u2028é😀"}'],
  ["a key named like a built-in property", '{"__proto__":{"constructor":1}}'],
  ["32 levels", `{"a":${"[".repeat(31)}${"]".repeat(31)}}`],
  ["33 levels", `{"a":${"[".repeat(32)}${"]".repeat(32)}}`],
  ["a key of 128 characters", `{"${"k".repeat(128)}":1}`],
  ["a key of 129 characters", `{"${"k".repeat(129)}":1}`],
  ["an empty key", '{"":1}'],
  ["a key outside ASCII", '{"é":1}'],
  ["keys out of order", '{"b":1,"a":2}'],
  ["a repeated key", '{"a":1,"a":1}'],
  ["a space", '{"a": 1}'],
  ["a line feed at the end", '{"a":1}\n'],
  ["a fraction", '{"a":1.5}'],
  ["a fraction of zero", '{"a":1.0}'],
  ["an exponent", '{"a":1e2}'],
  ["minus zero", '{"a":-0}'],
  ["an integer of 2^53", '{"a":9007199254740992}'],
  ["a leading zero", '{"a":01}'],
  ["null", '{"a":null}'],
  ["a list outside", "[]"],
  ["a string outside", '"a"'],
  ["an escape that is not needed", '{"a":"\\/"}'],
  ["an escape in upper case", '{"a":"\\u001F"}'],
  ["an escaped letter", '{"a":"\\u0061"}'],
  ["an escaped lone surrogate", '{"a":"\\ud800"}'],
  ["a byte order mark", '\ufeff{"a":1}'],
  ["cut short", '{"a":1'],
  ["nothing", ""],
];

const tagged: readonly (readonly [string, Tag, Uint8Array])[] = [
  ["nothing under a tag", "remes/test/1", new Uint8Array()],
  ["one byte", "remes/test/1", Uint8Array.of(0)],
  ["another version", "remes/test/2", Uint8Array.of(0)],
  ["the shortest tag", "remes//1", counting(0)],
  ["the longest tag", `remes/${"x".repeat(56)}/1`, counting(0)],
];

export function encodingVectors(): readonly VectorFile[] {
  const values = written.map(([name, fields]): VectorCase => {
    const writer = createWriter();
    for (const field of fields) writeField(writer, field);
    return { name, fields, bytes: toHex(writer.finish()) };
  });
  const unreadable = refused.map(([name, types, bytes]): VectorCase => {
    const read = outcome("value", () => {
      const reader = createReader(fromHex(bytes));
      const value = types.map((type) => readField(reader, type));
      reader.end();
      return value;
    });
    return { name, types, bytes, ...read };
  });
  const files = manifests.map(([name, text]): VectorCase => {
    const bytes = encodeUtf8(text);
    const hashed = outcome("hash", () => {
      decodeManifest(bytes);
      return manifestHash(bytes);
    });
    return { name, bytes: toHex(bytes), ...hashed };
  });
  return [
    {
      path: "encoding/values.json",
      about:
        "Fields in order and the bytes that they are encoded to; reading the bytes gives the fields.",
      cases: values,
    },
    {
      path: "encoding/refused.json",
      about:
        "Bytes that a decoder of fields of these types refuses; bytes, text and lists are limited to 8.",
      cases: unreadable,
    },
    {
      path: "encoding/manifest.json",
      about: "Files in or near canonical JSON, and the hash of each that is canonical.",
      cases: files,
    },
    {
      path: "hash/sha256.json",
      about: "Digests of FIPS 180-4: `repeat` times the bytes.",
      cases: digests(),
    },
    {
      path: "hash/tagged.json",
      about: "Tagged hashes T(tag, data).",
      cases: tagged.map(([name, tag, data]) => ({
        name,
        tag,
        data: toHex(data),
        hash: toHex(taggedHash(tag, (fields) => fields.raw(data))),
      })),
    },
  ];
}

function digests(): readonly VectorCase[] {
  const messages: readonly (readonly [string, string, number])[] = [
    ["nothing", "", 1],
    ["abc", toHex(encodeUtf8("abc")), 1],
    ["a million a", "61", 1_000_000],
    ["55 bytes: the padding fits the block", "61", 55],
    ["56 bytes: the padding needs another block", "61", 56],
    ["64 bytes: a whole block", "61", 64],
  ];
  return messages.map(([name, bytes, repeat]) => {
    return { name, bytes, repeat, hash: toHex(sha256(fromHex(bytes.repeat(repeat)))) };
  });
}
