import { expect, test } from "vitest";
import { beginLife } from "./life.ts";

const goOn = async () => {};
const turn = () => new Promise((resolve) => setImmediate(resolve));

test("a call that a kill finds is done, and its answer never heard", async () => {
  let ended = 0;
  const life = beginLife(() => {
    ended += 1;
  }, goOn);
  const done: string[] = [];
  const heard: string[] = [];
  const call = life.guard(async (word: string) => {
    done.push(word);
    return word;
  });
  life.endAfter(2);
  for (const word of ["first", "second", "third"]) void call(word).then((w) => heard.push(w));
  await turn();
  expect(done).toEqual(["first", "second", "third"]);
  expect(heard).toEqual(["first"]);
  void call("late").then((w) => heard.push(w));
  await turn();
  expect([done.length, heard.length, ended, life.isOver()]).toEqual([3, 1, 1, true]);
});

test("an error is heard in life and not after it", async () => {
  const life = beginLife(() => {}, goOn);
  const fails = life.guard(async () => {
    throw new Error("no");
  });
  await expect(fails()).rejects.toThrow("no");
  life.end();
  let isHeard = false;
  void fails().catch(() => {
    isHeard = true;
  });
  await turn();
  expect(isHeard).toBe(false);
});

test("who stands still at a call makes it later, or hears its answer later", async () => {
  let isStill = true;
  let wake: () => void = () => {};
  const still = async () => {
    if (!isStill) return;
    await new Promise<void>((go) => {
      wake = go;
    });
  };
  const goAgain = async () => {
    isStill = false;
    wake();
    await turn();
  };
  const life = beginLife(() => {}, still);
  const done: string[] = [];
  const heard: string[] = [];
  const call = life.guard(async (word: string) => {
    done.push(word);
    isStill = word === "second";
    return word;
  });
  void call("first").then((word) => heard.push(word));
  await turn();
  expect([done, heard]).toEqual([[], []]);
  await goAgain();
  expect([done, heard]).toEqual([["first"], ["first"]]);
  void call("second").then((word) => heard.push(word));
  await turn();
  expect([done, heard]).toEqual([["first", "second"], ["first"]]);
  await goAgain();
  expect(heard).toEqual(["first", "second"]);
});
