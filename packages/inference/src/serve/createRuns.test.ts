import { expect, test } from "vitest";
import { createRuns, type Needs, type Runs, type Taken } from "./createRuns.ts";

async function* count(name: string, steps: number, log: string[]) {
  try {
    for (let i = 1; i <= steps; i += 1) yield `${name}${i}`;
    return name;
  } finally {
    log.push(`${name} ended`);
  }
}

/** What a work has that needs nothing. */
const free: Needs<Taken> = { take: () => ({ giveBack() {} }), bring: async () => {} };

/** Adds a work that needs nothing. */
function add<Step, Result>(
  runs: Runs,
  steps: AsyncGenerator<Step, Result, void>,
  options: Parameters<typeof runs.run<Taken, Step, Result>>[2],
) {
  return runs.run(() => steps, free, options);
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
  const first = add(runs, slow(), { onStep });
  expect(await add(runs, count("a", 3, []), { onStep }).done).toBe("a");
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
    add(runs, count(name, 1, []), {
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
    add(runs, count(name, 1, []), { asker, onBegin: () => begun.push(name), onStep: () => {} })
      .done;
  const all = [...Array.from({ length: 50 }, (_, i) => run(`a${i}`, "a")), run("b", "b")];
  await Promise.all(all);
  expect(begun.indexOf("b")).toBe(2);
});

test("some places stay free for whoever has nothing under way", async () => {
  const runs = createRuns({ activeMax: 8 });
  async function* endless() {
    for (;;) yield "step";
  }
  const run = (asker: string) => add(runs, endless(), { asker, onStep: () => {} });
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
  const run = add(runs, count("a", 100, log), {
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
  const first = add(runs, count("a", 50, []), { onStep: () => {} });
  const seen: string[] = [];
  const second = add(runs, count("b", 1, []), { onStep: (step) => seen.push(step) });
  second.cancel();
  expect(runs.waiting()).toBe(0);
  expect(await second.done).toBeUndefined();
  expect(await first.done).toBe("a");
  expect(seen).toEqual([]);
});

test("a work whose listener fails ends with that error and puts away what it holds", async () => {
  const log: string[] = [];
  const run = add(createRuns({ activeMax: 1 }), count("a", 100, log), {
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
  const failing = add(runs, fail(), { onStep: () => {} });
  const other = add(runs, count("a", 5, []), { onStep: () => {} });
  await expect(failing.done).rejects.toThrow("broken");
  expect(await other.done).toBe("a");
});

/** Means that are not here until `arrive` says so, and for which there may be no room. */
function means() {
  let arrived = () => {};
  let lost = (_error: Error) => {};
  const state = { isHere: false, isRoom: true, brought: 0, taken: 0, givenBack: 0 };
  const needs: Needs<Taken> = {
    take() {
      if (!state.isHere) return "missing";
      if (!state.isRoom) return "no room";
      state.taken += 1;
      return {
        giveBack() {
          state.givenBack += 1;
        },
      };
    },
    bring() {
      state.brought += 1;
      return new Promise((resolve, reject) => {
        arrived = resolve;
        lost = reject;
      });
    },
  };
  return {
    state,
    needs,
    arrive() {
      state.isHere = true;
      arrived();
    },
    lose: (error: Error) => lost(error),
  };
}

test("a work whose means are being brought has no place among those under way", async () => {
  const runs = createRuns({ activeMax: 1 });
  const { needs, state, arrive } = means();
  const begun: string[] = [];
  const onBegin = () => void begun.push("slow");
  const slow = runs.run(() => count("slow", 1, []), needs, { onBegin, onStep: () => {} });
  expect([runs.active(), runs.waiting()]).toEqual([0, 1]);
  const quick = add(runs, count("quick", 1, []), { onStep: () => {} });
  expect(await quick.done).toBe("quick");
  expect(begun).toEqual([]);
  arrive();
  expect(await slow.done).toBe("slow");
  expect(begun).toEqual(["slow"]);
  expect(state).toMatchObject({ brought: 1, taken: 1, givenBack: 1 });
});

test("a work whose means are being brought is cancelled at once, and they bring nothing to life", async () => {
  const runs = createRuns({ activeMax: 1 });
  const { needs, state, arrive } = means();
  const run = runs.run(() => count("a", 1, []), needs, { onStep: () => {} });
  run.cancel();
  expect(await run.done).toBeUndefined();
  expect(runs.waiting()).toBe(0);
  arrive();
  await add(runs, count("b", 1, []), { onStep: () => {} }).done;
  expect(state.taken).toBe(0);
});

test("a work whose means cannot be brought ends with why", async () => {
  const runs = createRuns({ activeMax: 1 });
  const { needs, lose } = means();
  const run = runs.run(() => count("a", 1, []), needs, { onStep: () => {} });
  lose(new Error("nobody has it"));
  await expect(run.done).rejects.toThrow("nobody has it");
  expect(runs.waiting()).toBe(0);
});

test("a work waits until there is room, and what was lost meanwhile is brought again", async () => {
  const runs = createRuns({ activeMax: 1 });
  const { needs, state, arrive } = means();
  state.isRoom = false;
  const run = runs.run(() => count("a", 1, []), needs, { onStep: () => {} });
  arrive();
  await add(runs, count("b", 1, []), { onStep: () => {} }).done;
  expect([runs.active(), runs.waiting()]).toEqual([0, 1]);
  state.isRoom = true;
  state.isHere = false;
  runs.look();
  expect(state.brought).toBe(2);
  arrive();
  expect(await run.done).toBe("a");
});

test("what a work has taken is given back if it is cancelled before its first step", async () => {
  const runs = createRuns({ activeMax: 1 });
  const { needs, state } = means();
  state.isHere = true;
  const first = add(runs, count("first", 1, []), { onStep: () => {} });
  const run = runs.run(() => count("a", 1, []), needs, {
    onBegin: () => run.cancel(),
    onStep: () => {},
  });
  await first.done;
  expect(await run.done).toBeUndefined();
  expect(state).toMatchObject({ taken: 1, givenBack: 1 });
});
