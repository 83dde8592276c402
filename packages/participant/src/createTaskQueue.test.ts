import { expect, test } from "vitest";
import { createTaskQueue } from "./createTaskQueue.ts";

test("tasks run one at a time, and a name that waits or runs is not begun again", async () => {
  const queue = createTaskQueue();
  const log: string[] = [];
  const task = (name: string) => async () => {
    log.push(`${name} begins`);
    await Promise.resolve();
    log.push(`${name} ends`);
  };
  queue.begin("a", task("a"));
  queue.begin("b", task("b"));
  queue.begin("a", task("a again"));
  await new Promise((done) => queue.begin("c", async () => done(undefined)));
  expect(log).toEqual(["a begins", "a ends", "b begins", "b ends"]);
  queue.begin("a", task("a later"));
  await new Promise((done) => queue.begin("d", async () => done(undefined)));
  expect(log.slice(4)).toEqual(["a later begins", "a later ends"]);
});

test("a task that lets go is followed at once, but not by one that wants to be alone", async () => {
  const queue = createTaskQueue();
  const log: string[] = [];
  let finish: (() => void) | undefined;
  queue.begin("a", async (letGo) => {
    log.push("a lets go");
    letGo();
    await new Promise<void>((resolve) => {
      finish = resolve;
    });
    log.push("a ends");
  });
  await new Promise((done) => queue.begin("b", async () => done(log.push("b"))));
  queue.begin("a", async () => log.push("a again"));
  queue.beginAlone("alone", async () => log.push("alone"));
  const last = new Promise((done) => queue.begin("c", async () => done(log.push("c"))));
  await new Promise(setImmediate);
  expect(log).toEqual(["a lets go", "b"]);
  finish!();
  await last;
  expect(log).toEqual(["a lets go", "b", "a ends", "alone", "c"]);
});
