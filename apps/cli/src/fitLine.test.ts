import { styleText } from "node:util";
import { expect, test } from "vitest";
import { fitLine } from "./fitLine.ts";

const bold = (text: string) => styleText("bold", text, { validateStream: false });

test("colours take no room", () => {
  expect(fitLine(bold("abc"), 3)).toBe(bold("abc"));
});

test("a line that is too long is cut between characters", () => {
  expect(fitLine(bold("abcdef"), 3)).toBe("abc");
  expect(fitLine("äöü…x", 4)).toBe("äöü…");
});
