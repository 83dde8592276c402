/** Vectors of addresses, amounts and limits: spec/encoding.md sections 10 and 11, spec/limits.json. */
import {
  addressOfPublicKey,
  asUremes,
  decodeAddress,
  encodeAddress,
  formatRemes,
  fromHex,
  LIMITS,
  mulDivCeil,
  mulDivFloor,
  parseRemes,
  splitUremes,
  uremesMax,
} from "@r3mes/protocol";
import { counting, describe, outcome } from "./describe.ts";
import type { VectorCase, VectorFile } from "./vectorFile.ts";

/** The generator of secp256k1, its double and its triple, compressed: SEC 2, version 2.0. */
const publicKeys = [
  "0279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798",
  "02c6047f9441ed7d6d3045406e95c07cd85c778e4b8cef3ca7abac09b95c709ee5",
  "02f9308a019258c31049344f85f89d5229b531c845836f99b08601f113bce036f9",
];

function addressCases(): readonly VectorCase[] {
  const keys = publicKeys.map((publicKey, i) => {
    const address = addressOfPublicKey(fromHex(publicKey));
    return { name: `key ${i + 1}`, publicKey, address, text: encodeAddress(address) };
  });
  const known = encodeAddress(counting(0, 20));
  const texts: readonly (readonly [string, string])[] = [
    ["twenty bytes", known],
    ["zeros", encodeAddress(new Uint8Array(20))],
    ["ones", encodeAddress(new Uint8Array(20).fill(255))],
    ["upper case", known.toUpperCase()],
    ["mixed case", known.slice(0, -1) + known.slice(-1).toUpperCase()],
    [
      "one character changed",
      `${known.slice(0, 20)}${known[20] === "q" ? "p" : "q"}${known.slice(21)}`,
    ],
    ["two characters swapped", known.replace("qqqsyq", "qqsqyq")],
    ["one character too few", known.slice(0, -1)],
    ["one character too many", `${known}q`],
    ["another prefix", "cosmos1qqqsyqcyq5rqwzqfpg9scrgwpugpzysnrujsuw"],
    ["the checksum of bech32m", bech32mOf(known)],
    ["a space in front", ` ${known.slice(1)}`],
    ["nothing", ""],
  ];
  return [
    ...keys,
    ...texts.map(([name, text]) => ({
      name,
      text,
      ...outcome("address", () => decodeAddress(text)),
    })),
  ];
}

/** The same data under the checksum of BIP 350: bech32m differs from bech32 by a constant. */
function bech32mOf(text: string): string {
  const alphabet = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
  const difference = 1 ^ 0x2bc830a3;
  const checksum = [...text.slice(-6)].map((character, i) => {
    return alphabet[alphabet.indexOf(character) ^ ((difference >>> (5 * (5 - i))) & 31)];
  });
  return text.slice(0, -6) + checksum.join("");
}

function textCases(): readonly VectorCase[] {
  const read = [
    "0",
    "1",
    "12.5",
    "12.500000",
    "0.000001",
    "0.1",
    "1000000000",
    "1000000000.000000",
    "999999999.999999",
  ];
  const refused = [
    "",
    ".",
    "1.",
    ".5",
    "01",
    "00",
    "-1",
    "+1",
    "1e3",
    "1,5",
    "1_000",
    " 1",
    "1 ",
    "1.0000000",
    "0x1",
    "١",
    "1000000000.000001",
    "9999999999",
    "10000000000",
    "NaN",
  ];
  return [...read, ...refused].map((text) => {
    const parsed = outcome("uremes", () => parseRemes(text));
    const formatted = "uremes" in parsed ? { shortest: formatRemes(parseRemes(text)) } : {};
    return { name: `"${text}"`, text, ...parsed, ...formatted };
  });
}

function divisionCases(): readonly VectorCase[] {
  const cap = uremesMax as bigint;
  const products: readonly (readonly [bigint, bigint, bigint])[] = [
    [0n, 0n, 1n],
    [7n, 1n, 2n],
    [6n, 1n, 2n],
    [1n, 1n, 3n],
    [1n, 0n, 3n],
    [cap, cap, cap],
    [cap, 999_999n, 1_000_000n],
    [cap, 1n, 2n ** 64n],
    [cap, 2n ** 64n - 1n, 2n ** 64n - 1n],
    [cap, 2n, 1n],
    [cap, cap + 1n, cap],
    [5n, 1n, 0n],
    [5n, -1n, 1n],
    [5n, 1n, -1n],
  ];
  return products.map(([amount, numerator, denominator]) => {
    const floor = outcome("floor", () => mulDivFloor(asUremes(amount), numerator, denominator));
    const ceil = outcome("ceil", () => mulDivCeil(asUremes(amount), numerator, denominator));
    return {
      name: `${amount} · ${numerator} / ${denominator}`,
      amount,
      numerator,
      denominator,
      ...floor,
      ...ceil,
    };
  });
}

function splitCases(): readonly VectorCase[] {
  const splits: readonly (readonly [string, bigint, readonly bigint[]])[] = [
    ["an epoch's emission", 1_000_003n, [800_000n, 80_000n, 70_000n, 50_000n]],
    ["a slashed bond", 999_999_999n, [500_000n, 300_000n, 200_000n]],
    ["inference revenue", 1n, [700_000n, 200_000n, 100_000n]],
    ["nothing", 0n, [500_000n, 500_000n]],
    ["one party", 17n, [1_000_000n]],
    ["the supply cap", uremesMax, [333_333n, 333_333n, 333_334n]],
    ["a share of zero", 17n, [0n, 1_000_000n]],
  ];
  return splits.map(([name, amount, shares]) => ({
    name,
    amount,
    sharesPpm: shares,
    parts: splitUremes(asUremes(amount), shares),
  }));
}

function limitCases(): readonly VectorCase[] {
  return Object.entries(LIMITS).map(([name, value]) => ({ name, value: BigInt(value) }));
}

export function moneyVectors(): readonly VectorFile[] {
  const files: readonly VectorFile[] = [
    {
      path: "address/address.json",
      about: "Accounts of secp256k1 keys, and texts that are or are not addresses.",
      cases: addressCases(),
    },
    {
      path: "amount/text.json",
      about: "Amounts as people write them, and the shortest text of each.",
      cases: textCases(),
    },
    { path: "amount/division.json", about: "mulDivFloor and mulDivCeil.", cases: divisionCases() },
    {
      path: "amount/split.json",
      about: "Splits by shares in ppm; the last part takes what rounding leaves.",
      cases: splitCases(),
    },
    {
      path: "limits/limits.json",
      about: "The value of every limit in spec/limits.json.",
      cases: limitCases(),
    },
  ];
  return files.map((file) => ({
    ...file,
    cases: file.cases.map((vector) => describe(vector) as VectorCase),
  }));
}
