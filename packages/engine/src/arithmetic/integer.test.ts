import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  bitLength,
  clamp,
  divFloor,
  divRound,
  divTrunc,
  isqrt,
  isqrtWide,
  pow2,
  rsh,
  rshWide,
  sat30,
} from "./integer.ts";

const narrow = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
const wide = fc.bigInt({ min: -(2n ** 52n), max: 2n ** 52n }).map(Number);

/** RSH by its definition over the integers. */
function rshExact(x: number, s: number): bigint {
  if (s <= 0) return BigInt(x) << BigInt(-s);
  const sum = BigInt(x) + (1n << BigInt(s - 1));
  return sum >> BigInt(s);
}

describe("rsh", () => {
  test("is floor((x + 2^(s-1)) / 2^s) for every 53-bit value and every shift", () => {
    fc.assert(
      fc.property(wide, fc.integer({ min: 1, max: 200 }), (x, s) => {
        expect(BigInt(rsh(x, s))).toBe(rshExact(x, s));
      }),
    );
  });

  test("shifts left without rounding, for counts beyond any register", () => {
    fc.assert(
      fc.property(narrow, fc.integer({ min: -200, max: 0 }), (x, s) => {
        expect(BigInt(rsh(x, s))).toBe(rshExact(x, s));
      }),
    );
  });

  test.each([
    [-1, 1, 0],
    [1, 1, 1],
    [-3, 1, -1],
    [3, 1, 2],
    [-2147483648, 31, -1],
    [-2147483648, 32, 0],
    [2147483647, 31, 1],
    [2147483647, 32, 0],
    [2147483647, 64, 0],
    [-2147483648, 0, -2147483648],
    [0, -300, 0],
    [2 ** 52, 52, 1],
    [2 ** 52, 53, 1],
    [2 ** 52 - 1, 53, 0],
    [-(2 ** 52), 53, 0],
  ])("rsh(%d, %d) = %d: halves go up, whatever the width of a register", (x, s, expected) => {
    expect(rsh(x, s)).toBe(expected);
  });
});

describe("divisions are exact where a machine's quotient is rounded", () => {
  const divisor = fc.integer({ min: 1, max: 2 ** 31 - 1 });

  test("divFloor, divTrunc and divRound agree with whole-number division", () => {
    fc.assert(
      fc.property(wide, divisor, (a, b) => {
        const [x, y] = [BigInt(a), BigInt(b)];
        const trunc = x / y;
        expect(BigInt(divTrunc(a, b))).toBe(trunc);
        expect(BigInt(divFloor(a, b))).toBe(trunc * y > x ? trunc - 1n : trunc);
        const half = y / 2n;
        expect(BigInt(divRound(a, b))).toBe(x >= 0n ? (x + half) / y : -((-x + half) / y));
      }),
    );
  });

  test("a quotient one below a whole number is not rounded up to it", () => {
    const b = 2 ** 26 - 1;
    const a = b * (2 ** 26 + 1) - 1;
    expect(divFloor(a, b)).toBe(2 ** 26);
    expect(divTrunc(-a, b)).toBe(-(2 ** 26));
  });
});

test("bitLength counts the bits of a magnitude", () => {
  expect(
    [0, 1, -1, 2, 255, 256, -256, 2 ** 31, 2 ** 32 - 1, 2 ** 32, 2 ** 52].map(bitLength),
  ).toEqual([0, 1, 1, 2, 8, 9, 9, 32, 32, 33, 53]);
  fc.assert(
    fc.property(wide, (x) => {
      const magnitude = BigInt(Math.abs(x));
      expect(bitLength(x)).toBe(magnitude === 0n ? 0 : magnitude.toString(2).length);
    }),
  );
});

test("isqrt and isqrtWide are the floor of the root, at squares and beside them", () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), (x) => {
      const root = isqrtWide(x);
      expect(root * root <= x && (root + 1n) * (root + 1n) > x).toBe(true);
    }),
  );
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 2 ** 26 - 1 }), (r) => {
      expect([isqrt(r * r - 1), isqrt(r * r), isqrt(r * r + 2 * r)]).toEqual([r - 1, r, r]);
    }),
  );
  expect([isqrt(0), isqrt(1), isqrt(2), isqrt(3), isqrt(4)]).toEqual([0, 1, 1, 1, 2]);
});

test("clamps keep both ends", () => {
  expect([clamp(128, 127), clamp(-128, 127), clamp(-127, 127)]).toEqual([127, -127, -127]);
  expect([sat30(2 ** 40), sat30(-(2 ** 30) - 1), sat30(5)]).toEqual([2 ** 30, -(2 ** 30), 5]);
});

test("powers of two are exact and shifts of wide values round half up", () => {
  expect(BigInt(pow2(60))).toBe(1n << 60n);
  expect([rshWide(-32n, 6n), rshWide(-33n, 6n), rshWide(32n, 6n), rshWide(31n, 6n)]).toEqual([
    0n,
    -1n,
    1n,
    0n,
  ]);
});
