import { expect, test } from "vitest";
import { systemRandomness } from "./systemRandomness.ts";
import { manualRandomness } from "./testing/manualRandomness.ts";

test("one seed gives one stream, another seed another", () => {
  const first = manualRandomness("seed");
  const again = manualRandomness("seed");
  const stream = [first.bytes(5), first.bytes(40), first.bytes(0)];
  expect([again.bytes(5), again.bytes(40), again.bytes(0)]).toEqual(stream);
  expect(stream[1]!.subarray(0, 5)).not.toEqual(stream[0]);
  expect(manualRandomness("other").bytes(5)).not.toEqual(stream[0]);
});

test("the system's bytes have the asked length and do not repeat", () => {
  expect(systemRandomness.bytes(0)).toHaveLength(0);
  expect(systemRandomness.bytes(32)).not.toEqual(systemRandomness.bytes(32));
});
