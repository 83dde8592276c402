import { expect, test } from "vitest";
import { createSpare } from "./createSpare.ts";

test("memory serves again, and is gone once it is forgotten", () => {
  const spare = createSpare();
  const [first, second] = [new Uint8Array(8), new Uint8Array(8)];
  expect(spare.take()).toBeUndefined();
  spare.keep(first);
  spare.keep(second);
  expect(spare.take()).toBe(second);
  spare.forget();
  expect(first.buffer.byteLength).toBe(0);
  expect(second.buffer.byteLength).toBe(8);
  expect(spare.take()).toBeUndefined();
});
