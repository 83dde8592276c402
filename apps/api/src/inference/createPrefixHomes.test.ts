import { expect, test } from "vitest";
import { createPrefixHomes } from "./createPrefixHomes.ts";

const text = (length: number, first = 0) => Array.from({ length }, (_, i) => first + i);

test("the next turn of a conversation is led to where its longest beginning was", () => {
  const homes = createPrefixHomes<string>({ blocksMax: 100 });
  homes.remember(null, text(40), "a");
  homes.remember(null, [...text(16), ...text(40, 900)], "b");
  expect(homes.find(null, text(64))).toBe("a");
  expect(homes.find(null, [...text(16), ...text(20, 900)])).toBe("b");
  // Of what both begin with, the last one to meet it is as good.
  expect(homes.find(null, text(20))).toBe("b");
});

test("another beginning, a short one, and the text of another adapter are led nowhere", () => {
  const homes = createPrefixHomes<string>({ blocksMax: 100 });
  homes.remember("x", text(64), "a");
  expect(homes.find("x", text(64, 1))).toBeUndefined();
  expect(homes.find("x", text(15))).toBeUndefined();
  expect(homes.find(null, text(64))).toBeUndefined();
  expect(homes.find("y", text(64))).toBeUndefined();
});

test("what was unmet for longest is forgotten first", () => {
  const homes = createPrefixHomes<string>({ blocksMax: 2 });
  homes.remember(null, text(16, 100), "a");
  homes.remember(null, text(16, 200), "b");
  homes.remember(null, text(16, 100), "a");
  homes.remember(null, text(16, 300), "c");
  expect(homes.find(null, text(16, 200))).toBeUndefined();
  expect(homes.find(null, text(16, 100))).toBe("a");
  expect(homes.find(null, text(16, 300))).toBe("c");
});
