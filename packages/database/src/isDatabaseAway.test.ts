import { expect, test } from "vitest";
import { isDatabaseAway } from "./isDatabaseAway.ts";

/** As a query that failed is told: the database's own words are its cause. */
function failure(code: string): Error {
  return new Error("Failed query", { cause: Object.assign(new Error("said"), { code }) });
}

test.each(["53100", "57P01", "57P03", "08006", "58030", "ECONNREFUSED"])("%s may pass", (code) =>
  expect(isDatabaseAway(failure(code))).toBe(true),
);

test.each(["23505", "42P01", "57014", "CHAIN_WENT_BACK"])("%s does not pass", (code) =>
  expect(isDatabaseAway(failure(code))).toBe(false),
);

test("a connection that ended while it was asked may come back", () => {
  const ended = new Error("Failed query", {
    cause: new Error("Connection terminated unexpectedly"),
  });
  expect(isDatabaseAway(ended)).toBe(true);
  expect(isDatabaseAway(new Error("Failed query", { cause: new Error("said") }))).toBe(false);
});
