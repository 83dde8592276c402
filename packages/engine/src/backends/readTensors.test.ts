import { expect, test } from "vitest";
import { readTensors } from "./readTensors.ts";

const tensors = new Map([
  ["a", Uint8Array.of(1, 2, 3)],
  ["b", Uint8Array.of(4)],
]);
const session = { read: async (name: string) => tensors.get(name)!.slice() };

test("tensors lie one behind the other in the order of their names", async () => {
  expect(await readTensors(session, ["b", "a"])).toEqual(Uint8Array.of(4, 1, 2, 3));
});

test("memory of their size is used again, and no other", async () => {
  const fitting = new Uint8Array(4);
  expect(await readTensors(session, ["a", "b"], fitting)).toBe(fitting);
  expect(fitting).toEqual(Uint8Array.of(1, 2, 3, 4));
  const small = new Uint8Array(3);
  expect(await readTensors(session, ["a", "b"], small)).toEqual(Uint8Array.of(1, 2, 3, 4));
  expect(small).toEqual(new Uint8Array(3));
});

test("a session that reads all at once is asked once", async () => {
  const asked: (readonly string[])[] = [];
  const whole = Uint8Array.of(9);
  const readAll = async (names: readonly string[]) => {
    asked.push(names);
    return whole;
  };
  expect(await readTensors({ ...session, readAll }, ["a", "b"])).toBe(whole);
  expect(asked).toEqual([["a", "b"]]);
});
