import { expect, test } from "vitest";
import { refusalInWords } from "./refusal.ts";

const words = (log: string, code = 1) => refusalInWords({ code, codespace: "sdk", log }).code;

test.each([
  ["1: No such model is registered: key not found", "MODEL_NOT_FOUND"],
  ["remes1x: The address is not valid: invalid request", "ADDRESS_INVALID"],
  ["no code of the module: unknown request", "CHAIN_REFUSED"],
])("a question refused with “%s” is %s", (text, code) => {
  expect(words(`rpc error: code = Unknown desc = ${text}`)).toBe(code);
});

test("the code of the module counts where the chain gives it", () => {
  const refused = refusalInWords({ code: 4, codespace: "remes", log: "remes1x" });
  expect(refused.code).toBe("ADDRESS_INVALID");
});
