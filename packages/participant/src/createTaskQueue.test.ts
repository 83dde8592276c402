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
