import { expect, test } from "vitest";
import { packBlock, viewInt32s } from "./storage.ts";

test("elements of 32 bits read alike wherever their bytes begin", () => {
  const values = [1, -2, 2 ** 31 - 1, -(2 ** 31)];
  const bytes = packBlock("i32", 1, values.length, (_, column) => values[column]!);
  const shifted = new Uint8Array(bytes.length + 1);
  shifted.set(bytes, 1);
  expect([...viewInt32s(bytes)]).toEqual(values);
  expect([...viewInt32s(shifted.subarray(1))]).toEqual(values);
  expect([...viewInt32s(bytes.subarray(4, 12))]).toEqual(values.slice(1, 3));
});
