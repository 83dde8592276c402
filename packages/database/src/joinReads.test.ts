import { expect, test } from "vitest";
import { joinReads } from "./joinReads.ts";

function setup(joinedMax: number) {
  const calls: string[][] = [];
  const read = joinReads({ joinedMax }, async (reads: readonly string[]) => {
    calls.push([...reads]);
    if (reads.includes("broken")) throw new Error("refused");
    return reads.map((text) => text.toUpperCase());
  });
  return { calls, read };
}

test("what is asked at the same time is answered together, each with its own", async () => {
  const { calls, read } = setup(3);
  const texts = ["a", "b", "c", "d"];
  expect(await Promise.all(texts.map(read))).toEqual(["A", "B", "C", "D"]);
  expect(calls).toEqual([["a", "b", "c"], ["d"]]);
  expect(await read("e")).toBe("E");
  expect(calls.at(-1)).toEqual(["e"]);
});

test("one that fails is refused alone, and what comes next is answered", async () => {
  const { calls, read } = setup(3);
  const ends = await Promise.allSettled(["a", "broken", "c"].map(read));
  expect(ends).toEqual([
    { status: "fulfilled", value: "A" },
    { status: "rejected", reason: new Error("refused") },
    { status: "fulfilled", value: "C" },
  ]);
  expect(calls).toEqual([["a", "broken", "c"], ["a"], ["broken"], ["c"]]);
  expect(await read("d")).toBe("D");
});

test("what is asked while others are answered is answered afterwards", async () => {
  const { calls, read } = setup(3);
  const later = read("a").then(() => Promise.all([read("b"), read("c")]));
  expect(await later).toEqual(["B", "C"]);
  expect(calls).toEqual([["a"], ["b", "c"]]);
});
