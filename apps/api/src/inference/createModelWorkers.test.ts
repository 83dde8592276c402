import { GREEDY } from "@r3mes/inference/testing";
import { expect, test } from "vitest";
import type { ModelWorker } from "./createModelWorker.ts";
import { createModelWorkers } from "./createModelWorkers.ts";

const request = { adapter: null, prompt: [0], tokensMax: 1, sampling: GREEDY, stop: [] };

/** Workers that answer when they are told to, and a list of who was asked. */
function open(count: number) {
  const asked: number[] = [];
  const away = new Set<number>();
  /** How many wait for a worker that has no more room. */
  const full = new Map<number, number>();
  const ends: (() => void)[] = [];
  const workers = Array.from({ length: count }, (_, index): ModelWorker => {
    let active = 0;
    return {
      ask() {
        asked.push(index);
        active += 1;
        const done = new Promise<undefined>((resolve) => {
          ends.push(() => {
            active -= 1;
            resolve(undefined);
          });
        });
        return { done, cancel: () => {} };
      },
      embed: () => ({ done: Promise.resolve(undefined), cancel: () => {} }),
      load: () => ({ active, waiting: full.get(index) ?? 0 }),
      isReady: () => !away.has(index),
      isFull: () => full.has(index),
      restarts: () => index,
      close: async () => void away.add(index),
    };
  });
  const all = createModelWorkers(workers);
  const ask = (prompt: readonly number[] = [0]) =>
    void all.ask({ ...request, prompt }, { asker: "somebody", onPiece: () => {} });
  return { all, ask, asked, away, full, ends };
}

test("requests at once are spread, and who asks alone meets the same worker again", () => {
  const { all, ask, asked, ends } = open(2);
  for (let i = 0; i < 4; i += 1) ask();
  expect(asked).toEqual([0, 1, 0, 1]);
  expect(all.load()).toEqual({ active: 4, waiting: 0 });
  for (const end of ends.splice(0)) end();
  for (let i = 0; i < 2; i += 1) {
    ask();
    ends.pop()!();
  }
  expect(asked.slice(4)).toEqual([0, 0]);
});

test("a conversation meets the worker of its last turn, while that one is not much busier", () => {
  const { ask, asked, away, ends } = open(2);
  const turn = Array.from({ length: 20 }, (_, i) => i);
  ask();
  ask(turn);
  for (const end of ends.splice(0)) end();
  // Nobody has anything to do: the first would be asked but for the beginning.
  ask([...turn, 7]);
  ask([...turn, 8]);
  ask([...turn, 9]);
  expect(asked).toEqual([0, 1, 1, 1, 0]);
  for (const end of ends.splice(0)) end();
  away.add(0);
  ask([...turn, 9]);
  expect(asked.at(-1)).toBe(1);
});

test("a worker without room is passed over, and what waits is told of all when none has any", async () => {
  const { all, ask, asked, away, full } = open(3);
  const turn = Array.from({ length: 20 }, (_, i) => i);
  ask(turn);
  full.set(0, 5);
  ask(turn);
  expect(asked).toEqual([0, 1]);
  expect(all.isFull("somebody")).toBe(false);
  full.set(1, 4);
  away.add(2);
  expect(all.isFull("somebody")).toBe(true);
  const refused = { code: "QUEUE_FULL", facts: { waiting: 9 } };
  await expect(
    all.ask(request, { asker: "somebody", onPiece: () => {} }).done,
  ).rejects.toMatchObject(refused);
  await expect(all.embed([0], null, "somebody").done).rejects.toMatchObject(refused);
  expect(asked).toEqual([0, 1]);
  full.delete(1);
  ask();
  expect(asked).toEqual([0, 1, 1]);
});

test("a worker that is away is asked nothing, and all of them are away only together", async () => {
  const { all, ask, asked, away } = open(3);
  away.add(0);
  for (let i = 0; i < 4; i += 1) ask();
  expect(asked).toEqual([1, 2, 1, 2]);
  expect(all.isReady()).toBe(true);
  expect(all.restarts()).toBe(3);
  await all.close();
  expect(all.isReady()).toBe(false);
  // Whoever is asked then says why it does not answer.
  ask();
  expect(asked.length).toBe(5);
});
