import { inspect } from "node:util";
import { expect, test } from "vitest";
import { createSecret } from "./createSecret.ts";

test("only reveal gives the text away", () => {
  const secret = createSecret("hunter2");
  expect(secret.reveal()).toBe("hunter2");
  const shown = [
    `${secret}`,
    JSON.stringify({ deep: [secret] }),
    inspect({ deep: [secret] }, { depth: 5, showHidden: true }),
    JSON.stringify({ ...secret }),
  ];
  for (const text of shown) expect(text).not.toContain("hunter2");
  expect(shown[0]).toBe("[redacted]");
});
