import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { exp2n, log2 } from "./exponential.ts";
import { EXP2, LOG2 } from "./tables.ts";

const FRACTION = 240n;
const ONE = 1n << FRACTION;

function tableBytes(name: string): Buffer {
  return readFileSync(new URL(`../../../../spec/tables/${name}.bin`, import.meta.url));
}

function root(x: bigint): bigint {
  let r = 1n << BigInt((x.toString(2).length + 1) >> 1);
  for (;;) {
    const next = (r + x / r) >> 1n;
    if (next >= r) return r;
    r = next;
  }
}

test("EXP2 is 2^(-i/256) rounded to 30 fraction bits, by eight exact square roots", () => {
  const powers: bigint[] = [];
  let power = ONE >> 1n;
  for (let k = 0; k < 8; k++) {
    power = root(power << FRACTION);
    powers.push(power);
  }
  const expected = Array.from({ length: 257 }, (_, i) => {
    if (i === 256) return 2 ** 29;
    const value = powers.reduce((v, p, k) => ((i >> (7 - k)) & 1 ? (v * p) >> FRACTION : v), ONE);
    return Number(((value << 30n) + (ONE >> 1n)) >> FRACTION);
  });
  expect(EXP2).toEqual(expected);
});

test("LOG2 is log2(1 + i/256) rounded to 16 fraction bits, by repeated squaring", () => {
  const expected = Array.from({ length: 257 }, (_, i) => {
    let x = (ONE * BigInt(256 + i)) / 256n;
    let bits = x >= 2n * ONE ? 1n : 0n;
    if (bits === 1n) x >>= 1n;
    for (let bit = 0; bit < 40; bit++) {
      x = (x * x) >> FRACTION;
      bits <<= 1n;
      if (x >= 2n * ONE) {
        x >>= 1n;
        bits |= 1n;
      }
    }
    return Number((bits + (1n << 23n)) >> 24n);
  });
  expect(LOG2).toEqual(expected);
});

test.each([
  ["exp2", EXP2, "21c50821b132c0a124613b2ee76cac286c1cb8148ed63fb62a3763910318da50"],
  ["log2", LOG2, "b9b34db0f9dcb32bb81a0a6c58a6bf8b2f01b20e8ecc9da3363efa1e95341397"],
] as const)(
  "spec/tables/%s.bin holds the same numbers under the committed hash",
  (name, table, hash) => {
    const bytes = tableBytes(name);
    expect(createHash("sha256").update(bytes).digest("hex")).toBe(hash);
    expect(Array.from(table, (_, i) => bytes.readInt32LE(4 * i))).toEqual(table);
  },
);

test("exp2n falls by powers of two, interpolates downwards, and ends in exact zeros", () => {
  expect([0, 65536, 30 * 65536, 31 * 65536, 2 ** 32 - 1].map(exp2n)).toEqual([
    2 ** 30,
    2 ** 29,
    1,
    0,
    0,
  ]);
  const rises = [];
  for (let distance = 1; distance < 4 * 65536; distance++) {
    if (exp2n(distance) > exp2n(distance - 1)) rises.push(distance);
  }
  expect(rises).toEqual([]);
});

test("log2 is exact at powers of two and close to the logarithm elsewhere", () => {
  for (let k = 0; k < 52; k++) expect(log2(2 ** k)).toBe(k * 65536);
  for (let x = 3; x < 2 ** 51; x = x * 5 + 1) {
    expect(Math.abs(log2(x) / 65536 - Math.log2(x))).toBeLessThan(2 ** -15);
  }
});
