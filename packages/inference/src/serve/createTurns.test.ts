import { expect, test } from "vitest";
import { createTurns } from "./createTurns.ts";

const pause = async () => {};

async function* count(name: string, steps: number, log: string[]) {
  try {
    for (let i = 1; i <= steps; i += 1) yield `${name}${i}`;
    return name;
  } finally {
    log.push(`${name} ended`);
  }
}

test("works take turns, step by step", async () => {
  const turns = createTurns({ activeMax: 2, stepsPerTurn: 1 }, { pause });
  const seen: string[] = [];
  const onStep = (step: string) => void seen.push(step);
  const runs = ["a", "b"].map((name) => turns.run(count(name, 3, []), { onStep }));
  expect(await Promise.all(runs.map(({ done }) => done))).toEqual(["a", "b"]);
  expect(seen).toEqual(["a1", "b1", "a2", "b2", "a3", "b3"]);
  expect(turns.active()).toBe(0);
});

test("a turn may have several steps", async () => {
  const turns = createTurns({ activeMax: 2, stepsPerTurn: 2 }, { pause });
  const seen: string[] = [];
  const onStep = (step: string) => void seen.push(step);
  await Promise.all(["a", "b"].map((name) => turns.run(count(name, 3, []), { onStep }).done));
  expect(seen).toEqual(["a1", "a2", "b1", "b2", "a3", "b3"]);
});

test("more works wait in the order in which they came", async () => {
  const turns = createTurns({ activeMax: 1, stepsPerTurn: 1 }, { pause });
  const seen: string[] = [];
  const runs = ["a", "b", "c"].map((name) =>
    turns.run(count(name, 1, []), {
      onBegin: () => seen.push(`${name} begins`),
      onStep: (step) => seen.push(step),
    }),
  );
  expect(turns.waiting()).toBe(2);
  await Promise.all(runs.map(({ done }) => done));
  expect(seen).toEqual(["a begins", "a1", "b begins", "b1", "c begins", "c1"]);
});

test("a cancelled work ends before its next step and puts away what it holds", async () => {
  const turns = createTurns({ activeMax: 2, stepsPerTurn: 1 }, { pause });
  const [seen, log]: [string[], string[]] = [[], []];
  const run = turns.run(count("a", 100, log), {
    onStep: (step) => {
      seen.push(step);
      if (step === "a2") run.cancel();
    },
  });
  expect(await run.done).toBeUndefined();
  expect(seen).toEqual(["a1", "a2"]);
  expect(log).toEqual(["a ended"]);
});

test("a work that waits is cancelled at once", async () => {
  const turns = createTurns({ activeMax: 1, stepsPerTurn: 1 }, { pause });
  const first = turns.run(count("a", 50, []), { onStep: () => {} });
  const seen: string[] = [];
  const second = turns.run(count("b", 1, []), { onStep: (step) => seen.push(step) });
  second.cancel();
  expect(turns.waiting()).toBe(0);
  expect(await second.done).toBeUndefined();
  expect(await first.done).toBe("a");
  expect(seen).toEqual([]);
});

test("an error ends its own work alone", async () => {
  const turns = createTurns({ activeMax: 2, stepsPerTurn: 1 }, { pause });
  async function* fail(): AsyncGenerator<string, string> {
    yield "f1";
    throw new Error("broken");
  }
  const failing = turns.run(fail(), { onStep: () => {} });
  const other = turns.run(count("a", 5, []), { onStep: () => {} });
  await expect(failing.done).rejects.toThrow("broken");
  expect(await other.done).toBe("a");
});
