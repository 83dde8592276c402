import { expect, test } from "vitest";
import { createPaint } from "./paint.ts";

test("a terminal gets colours", () => {
  expect(createPaint({ isTTY: true }, {}).red("x")).toBe("\u001b[31mx\u001b[39m");
  expect(createPaint({ isTTY: true }, { NO_COLOR: "" }).red("x")).not.toBe("x");
});

test.each([
  ["a pipe", { isTTY: false }, {}],
  ["a file", {}, {}],
  ["NO_COLOR", { isTTY: true }, { NO_COLOR: "1" }],
  ["a dumb terminal", { isTTY: true }, { TERM: "dumb" }],
])("%s gets none", (_name, stream, env) => {
  expect(createPaint(stream, env).red("x")).toBe("x");
});
