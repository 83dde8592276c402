import { expect, test } from "vitest";
import { copyText } from "./copyText.ts";

test("a text is on the clipboard when it is said to be", async () => {
  const written: string[] = [];
  const clipboard = { writeText: async (text: string) => void written.push(text) };
  expect(await copyText("9f3c", clipboard)).toBe(true);
  expect(written).toEqual(["9f3c"]);
});

test("a page without a clipboard, or one that may not use it, is told so", async () => {
  expect(await copyText("9f3c", undefined)).toBe(false);
  const refusing = { writeText: () => Promise.reject(new DOMException("", "NotAllowedError")) };
  expect(await copyText("9f3c", refusing)).toBe(false);
});
