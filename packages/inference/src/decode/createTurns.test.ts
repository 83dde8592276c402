import { expect, test } from "vitest";
import { createTurns } from "./createTurns.ts";

function takeAll<Item>(turns: ReturnType<typeof createTurns<Item>>): Item[] {
  const taken: Item[] = [];
  for (let item = turns.take(); item !== undefined; item = turns.take()) taken.push(item);
  return taken;
}

test("who has much waiting takes no turn from who has little", () => {
  const turns = createTurns<string>();
  for (const item of ["a1", "a2", "a3", "a4"]) turns.add(item, "a");
  expect(turns.take()).toBe("a1");
  turns.add("b1", "b");
  for (const item of ["c1", "c2"]) turns.add(item, "c");
  expect(turns.size()).toBe(6);
  expect(takeAll(turns)).toEqual(["a2", "b1", "c1", "a3", "c2", "a4"]);
});

test("what does not fit is passed over, and who has nothing that fits loses no turn", () => {
  const turns = createTurns<string>();
  turns.add("long", "a");
  for (const item of ["long", "b"]) turns.add(item, "b");
  expect(turns.take((item) => item !== "long")).toBe("b");
  expect(turns.take((item, asker) => item === "long" && asker === "b")).toBe("long");
  turns.add("b again", "b");
  expect(takeAll(turns)).toEqual(["long", "b again"]);
  expect(turns.take(() => false)).toBeUndefined();
});

test("what is removed waits no longer", () => {
  const turns = createTurns<string>();
  for (const item of ["a1", "a2"]) turns.add(item, "a");
  turns.add("b1", "b");
  expect(["a1", "b1", "b1"].map((item) => turns.remove(item))).toEqual([true, true, false]);
  expect(turns.size()).toBe(1);
  expect(takeAll(turns)).toEqual(["a2"]);
});
