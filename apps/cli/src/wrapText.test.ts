import { expect, test } from "vitest";
import { wrapText } from "./wrapText.ts";

test("lines break between words and are never longer, but for a long word", () => {
  expect(wrapText("one two three", 7)).toEqual(["one two", "three"]);
  expect(wrapText("one two", 7)).toEqual(["one two"]);
  expect(wrapText("a https://example.org b", 5)).toEqual(["a", "https://example.org", "b"]);
  expect(wrapText("", 5)).toEqual([""]);
});

test("a command is not torn: its first words would start a network, or make a miner", () => {
  expect(wrapText("Stop it: npx r3mes localnet stop, then wait.", 16)).toEqual([
    "Stop it:",
    "npx r3mes localnet stop,",
    "then wait.",
  ]);
  expect(wrapText("Run npx r3mes init --role verifier here.", 22)).toEqual([
    "Run",
    "npx r3mes init --role",
    "verifier here.",
  ]);
});
