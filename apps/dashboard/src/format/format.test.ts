import fc from "fast-check";
import { expect, test } from "vitest";
import { countText } from "./countText.ts";
import { groupDigits } from "./groupDigits.ts";
import { bitsPerToken, changeText, lossText } from "./lossText.ts";
import { announcedTime, blocksLeftText, durationText, relativeTime } from "./relativeTime.ts";
import { remesDecimals, remesText } from "./remesText.ts";
import { scaledBytes, scaledCount } from "./scaledCount.ts";
import { shorten } from "./shorten.ts";
import { wordsOf } from "./wordsOf.ts";

test("digits stand in threes, beyond 2^53 as well", () => {
  expect(groupDigits(0)).toBe("0");
  expect(groupDigits(-1234)).toBe("-1,234");
  expect(groupDigits("18446744073709551615")).toBe("18,446,744,073,709,551,615");
});

test("a count says what is counted", () => {
  const counts = [0, 1, 1_200].map((count) => countText(count, "chunk"));
  expect(counts).toEqual(["0 chunks", "1 chunk", "1,200 chunks"]);
});

test("an amount keeps every uremes", () => {
  expect(remesText("0")).toBe("0 REMES");
  expect(remesText("1")).toBe("0.000001 REMES");
  expect(remesText(-1_500_000n)).toBe("−1.5 REMES");
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 2n ** 63n }), (uremes) => {
      const [whole = "", fraction = ""] = remesText(uremes)
        .replace(" REMES", "")
        .replaceAll(",", "")
        .split(".");
      expect(BigInt(whole) * 1_000_000n + BigInt(fraction.padEnd(6, "0"))).toBe(uremes);
    }),
  );
});

test("an amount in a table has six decimals, told apart from the zeros that fill them", () => {
  expect(remesDecimals("55677730")).toEqual({ told: "55.67773", zeros: "0" });
  expect(remesDecimals("7423697")).toEqual({ told: "7.423697", zeros: "" });
  expect(remesDecimals(-10_000_000_000n)).toEqual({ told: "−10,000", zeros: ".000000" });
  fc.assert(
    fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n }), (uremes) => {
      const { told, zeros } = remesDecimals(uremes);
      expect(`${told}${zeros}`).toMatch(/\.\d{6}$/);
      expect(`${told} REMES`).toBe(remesText(uremes));
    }),
  );
});

test("counts and bytes are rounded down to three digits", () => {
  expect(scaledCount(999)).toBe("999");
  expect(scaledCount(1999)).toBe("1.99 k");
  expect(scaledCount("123456789012345678901")).toBe("123 E");
  expect(scaledBytes(1536)).toBe("1.50 KiB");
  expect(scaledBytes(1023)).toBe("1023 B");
});

test("a loss sum becomes bits per token, or says that it is a sum", () => {
  expect(bitsPerToken(String(5n * 65_536n * 100n), 100)).toBe(5);
  expect(bitsPerToken("1", null)).toBeNull();
  expect(lossText(String(65_536n * 421n), 100)).toBe("4.2100 bits/token");
  expect(lossText(String(65_536n * 57_280n), null)).toBe("57,280 bits over the whole sample");
});

test("a change of loss keeps its sign and does not invent a base", () => {
  expect(changeText("1000", "968")).toBe("−3.20 %");
  expect(changeText("1000", "1001")).toBe("+0.10 %");
  expect(changeText("1000", "1000")).toBe("±0.00 %");
  expect(changeText("0", "1000")).toBe("unknown");
});

test("moments are told as distances", () => {
  expect(relativeTime(0, 1_000)).toBe("just now");
  expect(relativeTime(0, 75_000)).toBe("1 min 15 s ago");
  expect(relativeTime(7_200_000, 0)).toBe("in 2 h");
  // A page whose clock is three seconds behind that of the chain.
  expect(relativeTime(3_000, 0)).toBe("just now");
  expect(durationText(90_061)).toBe("1 d 1 h");
});

test("what is announced is near when it is near, and past when it is past", () => {
  expect(announcedTime(3_000, 0)).toBe("in 3 s");
  expect(announcedTime(400, 0)).toBe("now");
  expect(announcedTime(0, 1_000)).toBe("just now");
  expect(announcedTime(0, 75_000)).toBe("1 min 15 s ago");
});

test("blocks that are left are told with their time, and a missed height is told as over", () => {
  expect(blocksLeftText(110, 100, 1)).toBe("10 blocks left, about 10 s");
  expect(blocksLeftText(101, 100, null)).toBe("1 block left");
  expect(blocksLeftText(100, 100, 1)).toBe("due now");
  expect(blocksLeftText(99, 100, 1)).toBe("over since height 99");
});

test("a long name keeps both ends", () => {
  expect(shorten("0123456789abcdef0123456789abcdef")).toBe("01234567…abcdef");
  expect(shorten("short")).toBe("short");
});

test("words of the API become words", () => {
  expect(wordsOf("carried_over")).toBe("carried over");
  expect(wordsOf("cannotCheck")).toBe("cannot check");
});
