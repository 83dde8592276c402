import { expect, test } from "vitest";
import { createRuns } from "./createRuns.ts";

async function* count(name: string, steps: number, log: string[]) {
  try {
    for (let i = 1; i <= steps; i += 1) yield `${name}${i}`;
    return name;
  } finally {
    log.push(`${name} ended`);
  }
}

test("a work that waits for something holds up no other", async () => {
  const runs = createRuns({ activeMax: 2 });
  let open = () => {};
  const gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  async function* slow() {
    await gate;
    yield "slow";
  }
  const seen: string[] = [];
  const onStep = (step: string) => void seen.push(step);
  const first = runs.run(slow(), { onStep });
  expect(await runs.run(count("a", 3, []), { onStep }).done).toBe("a");
  expect(runs.active()).toBe(1);
  open();
  await first.done;
  expect(seen).toEqual(["a1", "a2", "a3", "slow"]);
  expect(runs.active()).toBe(0);
});

test("more works wait in the order in which they came", async () => {
  const runs = createRuns({ activeMax: 1 });
  const seen: string[] = [];
  const all = ["a", "b", "c"].map((name) =>
    runs.run(count(name, 1, []), {
      onBegin: () => seen.push(`${name} begins`),
      onStep: (step) => seen.push(step),
    }),
  );
  expect(runs.waiting()).toBe(2);
  await Promise.all(all.map(({ done }) => done));
  expect(seen).toEqual(["a begins", "a1", "b begins", "b1", "c begins", "c1"]);
});

test("who has much waiting keeps nobody else waiting for all of it", async () => {
  const runs = createRuns({ activeMax: 1 });
  const begun: string[] = [];
  const run = (name: string, asker: string) =>
    runs.run(count(name, 1, []), { asker, onBegin: () => begun.push(name), onStep: () => {} }).done;
  const all = [...Array.from({ length: 50 }, (_, i) => run(`a${i}`, "a")), run("b", "b")];
  await Promise.all(all);
  expect(begun.indexOf("b")).toBe(2);
});

test("some places stay free for whoever has nothing under way", async () => {
  const runs = createRuns({ activeMax: 8 });
  async function* endless() {
    for (;;) yield "step";
  }
  const run = (asker: string) => runs.run(endless(), { asker, onStep: () => {} });
  const many = Array.from({ length: 50 }, () => run("a"));
  expect([runs.active(), runs.waiting()]).toEqual([7, 43]);
  const other = run("b");
  expect([runs.active(), runs.waiting()]).toEqual([8, 43]);
  // No more are under way than may be.
  const third = run("c");
  expect([runs.active(), runs.waiting()]).toEqual([8, 44]);
  other.cancel();
  await other.done;
  // Of those who wait one has nothing under way.
  expect([runs.active(), runs.waiting()]).toEqual([8, 43]);
  for (const each of [...many, third]) each.cancel();
  await Promise.all([...many, third].map(({ done }) => done));
  expect([runs.active(), runs.waiting()]).toEqual([0, 0]);
});

test("a cancelled work ends before its next step and puts away what it holds", async () => {
  const runs = createRuns({ activeMax: 2 });
  const [seen, log]: [string[], string[]] = [[], []];
  const run = runs.run(count("a", 100, log), {
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
  const runs = createRuns({ activeMax: 1 });
  const first = runs.run(count("a", 50, []), { onStep: () => {} });
  const seen: string[] = [];
  const second = runs.run(count("b", 1, []), { onStep: (step) => seen.push(step) });
  second.cancel();
  expect(runs.waiting()).toBe(0);
  expect(await second.done).toBeUndefined();
  expect(await first.done).toBe("a");
  expect(seen).toEqual([]);
});

test("a work whose listener fails ends with that error and puts away what it holds", async () => {
  const log: string[] = [];
  const run = createRuns({ activeMax: 1 }).run(count("a", 100, log), {
    onStep() {
      throw new Error("nobody listens");
    },
  });
  await expect(run.done).rejects.toThrow("nobody listens");
  expect(log).toEqual(["a ended"]);
});

test("an error ends its own work alone", async () => {
  const runs = createRuns({ activeMax: 2 });
  async function* fail(): AsyncGenerator<string, string> {
    yield "f1";
    throw new Error("broken");
  }
  const failing = runs.run(fail(), { onStep: () => {} });
  const other = runs.run(count("a", 5, []), { onStep: () => {} });
  await expect(failing.done).rejects.toThrow("broken");
  expect(await other.done).toBe("a");
});
