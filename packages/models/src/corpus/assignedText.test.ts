import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { ASSIGNED_RANGES } from "./assignedText.ts";
import { cleanText } from "./cleanText.ts";
import { withoutDuplicates } from "./deduplicate.ts";

/** Assigned by Unicode 15.0 to 17.0: a letter, a format control, a mark that composes with what stands before it. */
const letter = "\u{1df25}";
const format = "\u{13439}";
const mark = "\u{10efd}";

test("what a later Unicode version assigns stays as it is written, and makes no words differ", () => {
  const text = `a${letter}b${format}c${mark}`;
  expect(cleanText(text)).toBe(text);
  const documents = ["One word.", `One ${letter}word.`].map((each) => ({ id: each, text: each }));
  expect(withoutDuplicates(documents)).toHaveLength(1);
});

/**
 * What cleaning asks of Unicode, for each code point: whether it is a letter or number, whether it is taken out, its NFC, and its lower case.
 * The hash is the one of Unicode 14.0, by the tables of another implementation. Where it differs, roots of datasets would.
 */
test("this machine's Unicode says of what is assigned what the pinned version says", () => {
  const hash = createHash("sha256");
  const points = (text: string) => [...text].map((one) => one.codePointAt(0)).join(",");
  let count = 0;
  for (const [first, last] of ASSIGNED_RANGES) {
    for (let code = first; code <= last; code += 1, count += 1) {
      const one = String.fromCodePoint(code);
      const isWord = /[\p{L}\p{N}]/u.test(one) ? 1 : 0;
      const isTakenOut = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}]/u.test(one) ? 1 : 0;
      const forms = `${points(one.normalize("NFC"))} ${points(one.toLowerCase())}`;
      hash.update(`${code} ${isWord}${isTakenOut} ${forms}\n`);
    }
  }
  expect(count).toBe(284_278);
  expect(hash.digest("hex")).toBe(
    "57d12e2e7b0b2fa7a26f51ea032b4b96a4f2e413ebd1f24ea8b69ccfc3565c84",
  );
});
