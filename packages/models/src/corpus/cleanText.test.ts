import fc from "fast-check";
import { expect, test } from "vitest";
import { cleanText } from "./cleanText.ts";

test("typographic characters become ASCII", () => {
  expect(cleanText("\u201cIt\u2019s\u00a0a whale\u2014a \u2018sperm\u2019 whale\u2026\u201d")).toBe(
    `"It's a whale--a 'sperm' whale..."`,
  );
});

test("line ends, blanks and control characters are brought into one form", () => {
  expect(cleanText("a\r\nb\rc\u0000\u200b \t d  \n\n\n\n e ")).toBe("a\nb\nc d\n\ne");
});

test("letters of other scripts and emoji are kept, composed", () => {
  expect(cleanText("e\u0301 \u05dc\u05d5\u05d9 \u{1f40b}")).toBe(
    "\u00e9 \u05dc\u05d5\u05d9 \u{1f40b}",
  );
});

test("cleaning twice changes nothing more", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      const once = cleanText(text);
      expect(cleanText(once)).toBe(once);
    }),
  );
});
