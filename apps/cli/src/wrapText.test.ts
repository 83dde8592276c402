import { expect, test } from "vitest";
import { wrapText } from "./wrapText.ts";

test("lines break between words and are never longer, but for a long word", () => {
  expect(wrapText("one two three", 7)).toEqual(["one two", "three"]);
  expect(wrapText("one two", 7)).toEqual(["one two"]);
  expect(wrapText("a https://example.org b", 5)).toEqual(["a", "https://example.org", "b"]);
  expect(wrapText("", 5)).toEqual([""]);
});

test("the first words of a command stay together", () => {
  const text = "Stop it: npx r3mes localnet stop.";
  expect(wrapText(text, 16)).toEqual(["Stop it:", "npx r3mes localnet", "stop."]);
});
