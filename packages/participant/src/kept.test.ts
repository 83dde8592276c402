import { expect, test } from "vitest";
import { kept } from "./kept.ts";

function counted() {
  const made: string[] = [];
  const cache = new Map<string, Promise<string>>();
  const ask = (key: string, most?: number) =>
    kept(
      cache,
      key,
      async () => {
        made.push(key);
        return key;
      },
      most,
    );
  return { made, cache, ask };
}

test("what several ask for at once is made once", async () => {
  const { made, ask } = counted();
  expect(await Promise.all([ask("a"), ask("a"), ask("b")])).toEqual(["a", "a", "b"]);
  expect(made).toEqual(["a", "b"]);
});

test("the oldest makes room, and is made again when it is asked for", async () => {
  const { made, ask } = counted();
  for (const key of ["a", "b", "c", "b", "a"]) await ask(key, 2);
  expect(made).toEqual(["a", "b", "c", "a"]);
});

test("what failed is tried again", async () => {
  const cache = new Map<string, Promise<number>>();
  await expect(kept(cache, "a", () => Promise.reject(new Error("gone")))).rejects.toThrow("gone");
  expect(await kept(cache, "a", async () => 1)).toBe(1);
});

test("what fails after it has made room leaves the one that came after it", async () => {
  const cache = new Map<string, Promise<number>>();
  let fail: (reason: Error) => void;
  const first = new Promise<number>((_, reject) => {
    fail = reject;
  });
  const failing = kept(cache, "a", () => first, 1);
  await kept(cache, "b", async () => 0, 1);
  await kept(cache, "a", async () => 1, 1);
  fail!(new Error("late"));
  await expect(failing).rejects.toThrow("late");
  expect(await kept(cache, "a", async () => 2, 1)).toBe(1);
});
