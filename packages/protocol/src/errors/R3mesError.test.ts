import { expect, test } from "vitest";
import { ERRORS } from "../gen/errors.ts";
import { errorCodeOfChain } from "./errorCodeOfChain.ts";
import { R3mesError } from "./R3mesError.ts";

test("the title is filled with the facts and the remedy says what to do next", () => {
  const error = new R3mesError({
    code: "LIMIT_EXCEEDED",
    limit: "x",
    max: 3n,
    unit: "bytes",
    found: 4,
  });
  expect(error.message).toBe("x is limited to 3 bytes; found 4");
  expect(error.next).toBe(ERRORS.LIMIT_EXCEEDED.remedy);
  expect(error.name).toBe("R3mesError");
});

test("a remedy that names a fact is filled as well: its command can be copied", () => {
  const error = new R3mesError({ code: "PARTICIPANT_NOT_SET_UP", role: "miner", folder: "m" });
  expect(error.next).toContain("npx r3mes init --role miner,");
});

test("a report keeps every fact in a form that JSON can carry", () => {
  const error = new R3mesError({
    code: "MERKLE_PROOF_INVALID",
    lease: 18446744073709551615n,
    root: Uint8Array.of(0, 171, 255),
    indices: [1, 2n, Uint8Array.of(3)],
    ratio: Number.NaN,
    absent: undefined,
    none: null,
  });
  expect(JSON.parse(JSON.stringify(error))).toEqual({
    code: "MERKLE_PROOF_INVALID",
    message: ERRORS.MERKLE_PROOF_INVALID.title,
    facts: {
      lease: "18446744073709551615",
      root: "00abff",
      indices: [1, "2", "03"],
      ratio: "NaN",
      none: null,
    },
    next: ERRORS.MERKLE_PROOF_INVALID.remedy,
  });
});

test("a fact that the title names but nobody gave leaves its placeholder visible", () => {
  const error = new R3mesError({ code: "LIMIT_EXCEEDED", limit: "x", max: 3, found: 4 });
  expect(error.message).toBe("x is limited to 3 {unit}; found 4");
});

test("an inherited property is not a fact", () => {
  const error = new R3mesError({ code: "ASSERTION_FAILED", constructor: undefined });
  expect(error.facts).toEqual({});
});

test("long bytes are cut in the message and whole in the facts", () => {
  const bytes = new Uint8Array(40).fill(17);
  const error = new R3mesError({ code: "ASSERTION_FAILED", condition: bytes });
  expect(error.message.endsWith(`${"11".repeat(32)}…`)).toBe(true);
  expect(error.toJSON().facts).toEqual({ condition: "11".repeat(40) });
});

test("the cause is kept", () => {
  const cause = new Error("disk");
  expect(new R3mesError({ code: "ENCODING_INVALID" }, { cause }).cause).toBe(cause);
});

test("the chain's numbers lead back to their codes", () => {
  expect(errorCodeOfChain(ERRORS.UNAUTHORIZED.chain!)).toBe("UNAUTHORIZED");
  expect(errorCodeOfChain(1)).toBeUndefined();
});
