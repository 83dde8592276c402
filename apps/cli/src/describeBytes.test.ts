import { expect, test } from "vitest";
import { describeBytes } from "./describeBytes.ts";

test("sizes are told in the largest unit that fits", () => {
  expect([0, 1023, 1024, 6_581_076, 2 ** 40].map(describeBytes)).toEqual([
    "0 bytes",
    "1023 bytes",
    "1.0 KiB",
    "6.3 MiB",
    "1024.0 GiB",
  ]);
});
