import fc from "fast-check";
import { expect, test } from "vitest";
import { readVectors, refusalOf } from "../testing/readVectors.ts";
import { formatRemes, parseRemes } from "./remesText.ts";
import {
  addUremes,
  asUremes,
  mulDivCeil,
  mulDivFloor,
  splitUremes,
  subtractUremes,
  type Uremes,
  uremesMax,
} from "./uremes.ts";

const amounts = fc.bigInt(0n, uremesMax).map(asUremes);

test.each(readVectors("amount/text.json"))("$name", ({ text, uremes, shortest, refused }) => {
  expect(refusalOf(() => parseRemes(text))).toBe(refused);
  if (refused !== undefined) return;
  expect(parseRemes(text)).toBe(BigInt(uremes));
  expect(formatRemes(asUremes(BigInt(uremes)))).toBe(shortest);
});

test.each(readVectors("amount/division.json"))("$name", (vector) => {
  const [amount, numerator, denominator] = [
    vector.amount,
    vector.numerator,
    vector.denominator,
  ].map(BigInt);
  const floor = () => mulDivFloor(asUremes(amount!), numerator!, denominator!);
  const ceil = () => mulDivCeil(asUremes(amount!), numerator!, denominator!);
  if (vector.floor === undefined) expect(refusalOf(floor)).toBe(vector.refused);
  else expect(floor()).toBe(BigInt(vector.floor));
  if (vector.ceil === undefined) expect(refusalOf(ceil)).toBe(vector.refused);
  else expect(ceil()).toBe(BigInt(vector.ceil));
});

test.each(readVectors("amount/split.json"))("a split of $name", ({ amount, sharesPpm, parts }) => {
  const found = splitUremes(asUremes(BigInt(amount)), (sharesPpm as string[]).map(BigInt));
  expect(found.map(String)).toEqual(parts);
});

test("every amount comes back from its text", () => {
  fc.assert(
    fc.property(amounts, (amount) => {
      expect(parseRemes(formatRemes(amount))).toBe(amount);
    }),
  );
});

test("no text but an amount is read", () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.double().map(String)), (text) => {
      const refusal = refusalOf(() => parseRemes(text));
      if (/^\d{1,9}(\.\d{1,6})?$/.test(text) && !/^0\d/.test(text)) expect(refusal).toBeUndefined();
      else expect(refusal).toMatch(/^AMOUNT_/);
    }),
  );
});

test("sums and differences stay between nothing and the cap, or are refused", () => {
  fc.assert(
    fc.property(amounts, amounts, (left, right) => {
      const sum = left + right;
      if (sum > uremesMax)
        expect(refusalOf(() => addUremes(left, right))).toBe("AMOUNT_OUT_OF_RANGE");
      else expect(addUremes(left, right)).toBe(sum);
      if (left < right) {
        expect(refusalOf(() => subtractUremes(left, right))).toBe("AMOUNT_OUT_OF_RANGE");
      } else expect(subtractUremes(left, right)).toBe(left - right);
    }),
  );
});

test("floor and ceiling enclose the exact quotient and differ by at most one", () => {
  fc.assert(
    fc.property(
      amounts,
      fc.bigInt(0n, 10n ** 9n),
      fc.bigInt(10n ** 9n, 10n ** 18n),
      (amount, n, d) => {
        const floor = mulDivFloor(amount, n, d);
        const ceil = mulDivCeil(amount, n, d);
        expect(floor * d <= amount * n && amount * n <= ceil * d).toBe(true);
        expect(ceil - floor).toBe((amount * n) % d === 0n ? 0n : 1n);
      },
    ),
  );
});

test("the parts of a split sum to the whole, and none is short by more than rounding", () => {
  const cuts = fc.array(fc.bigInt(0n, 1_000_000n), { minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(amounts, cuts, (amount, points) => {
      const edges = [0n, ...points.sort((a, b) => Number(a - b)), 1_000_000n];
      const shares = edges.slice(1).map((edge, i) => edge - edges[i]!);
      const parts = splitUremes(amount, shares);
      expect(parts.reduce((sum, part) => sum + part, 0n)).toBe(amount);
      parts.forEach((part, i) => {
        expect(part).toBeGreaterThanOrEqual((amount * shares[i]!) / 1_000_000n);
      });
    }),
  );
});

test.each([
  ["no share", []],
  ["shares short of the whole", [999_999n]],
  ["shares over the whole", [1_000_001n]],
  ["a negative share", [-1n, 1_000_001n]],
])("%s: no split", (_name, shares) => {
  expect(refusalOf(() => splitUremes(asUremes(1n), shares))).toBe("ASSERTION_FAILED");
});

test.each([
  ["less than nothing", -1n],
  ["more than the cap", uremesMax + 1n],
])("%s is no amount", (_name, amount) => {
  expect(refusalOf(() => asUremes(amount))).toBe("AMOUNT_OUT_OF_RANGE");
  expect(refusalOf(() => formatRemes(amount as Uremes))).toBe("AMOUNT_OUT_OF_RANGE");
});

test("the largest amount is the supply cap", () => {
  expect(formatRemes(uremesMax)).toBe("1000000000");
});
