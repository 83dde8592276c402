import { expect, test } from "vitest";
import { inRanges, isThisMachine } from "./inRanges.ts";

test("what comes over the loopback is of this machine, and nothing else is", () => {
  for (const own of ["127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1"]) {
    expect(isThisMachine(own)).toBe(true);
  }
  for (const other of ["128.0.0.1", "::2", "::ffff:10.0.0.1", "", "unknown"]) {
    expect(isThisMachine(other)).toBe(false);
  }
});

test("ranges and single addresses of both kinds are found", () => {
  const isProxy = inRanges(["10.0.0.0/8", "192.0.2.1", "2001:db8::/32"]);
  const found = ["10.1.2.3", "::ffff:10.1.2.3", "192.0.2.1", "192.0.2.2", "2001:db8:1::1", "::1"];
  expect(found.map(isProxy)).toEqual([true, true, true, false, true, false]);
});
