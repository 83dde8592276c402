import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { R3mesError } from "@r3mes/protocol";
import { expect, test } from "vitest";
import { createDutyQueue } from "./createDutyQueue.ts";

function setup() {
  const warned: string[] = [];
  const log = { warn: ({ duty }: { duty: string }) => warned.push(duty) };
  return { queue: createDutyQueue({ log } as never), warned };
}

const soon = () => new Promise((resolve) => setImmediate(resolve));

test("bytes that never come hold up nothing but their own duty", async () => {
  const { queue } = setup();
  const done: string[] = [];
  let give: (bytes: string) => void = () => {};
  const withheld = new Promise<string>((resolve) => {
    give = resolve;
  });
  queue.beginWith(
    { name: "withheld" },
    () => withheld,
    async (bytes) => done.push(bytes),
  );
  queue.beginWith(
    { name: "there" },
    async () => "there",
    async (bytes) => done.push(bytes),
  );
  await soon();
  expect(done).toEqual(["there"]);
  give("withheld");
  await soon();
  expect(done).toEqual(["there", "withheld"]);
});

test("duties are computed one at a time, and gathered once while they last", async () => {
  const { queue } = setup();
  const log: string[] = [];
  const begin = (name: string) =>
    queue.beginWith(
      { name },
      async () => log.push(`${name} gathered`),
      async () => {
        log.push(`${name} begins`);
        await soon();
        log.push(`${name} ends`);
      },
    );
  for (const name of ["a", "b", "a", "b"]) begin(name);
  for (let i = 0; i < 6; i += 1) await soon();
  expect(log).toEqual(["a gathered", "b gathered", "a begins", "a ends", "b begins", "b ends"]);
});

test("a turn is for the duty whose window closes first, whatever began before it", async () => {
  const { queue } = setup();
  const done: string[] = [];
  const compute = (name: string) => async () => {
    done.push(name);
    await soon();
  };
  queue.begin({ name: "runs already", endHeight: 90n }, compute("runs already"));
  await soon();
  queue.begin({ name: "no window" }, compute("no window"));
  void queue.inTurn({ name: "chunk of a sum", endHeight: 60n }, compute("chunk of a sum"));
  queue.beginWith({ name: "verdict", endHeight: 20n }, async () => "verdict", compute("verdict"));
  queue.begin({ name: "case", endHeight: 20n }, compute("case"));
  queue.begin({ name: "case", endHeight: 20n }, compute("the same case"));
  for (let i = 0; i < 8; i += 1) await soon();
  expect(done).toEqual(["runs already", "case", "verdict", "chunk of a sum", "no window"]);
});

test("a turn that lets go is followed at once; what runs alone waits for all before it, and everything for it", async () => {
  const { queue } = setup();
  const log: string[] = [];
  let end = () => {};
  const hasEnded = new Promise<void>((resolve) => {
    end = resolve;
  });
  queue.begin({ name: "chunk" }, async (letGo) => {
    letGo();
    await hasEnded;
    log.push("chunk ends");
  });
  queue.begin({ name: "next chunk" }, async () => log.push("next chunk"));
  queue.beginAlone("collect", async () => {
    log.push("collect begins");
    await soon();
    log.push("collect ends");
  });
  queue.begin({ name: "case" }, async () => log.push("case"));
  for (let i = 0; i < 3; i += 1) await soon();
  expect(log).toEqual(["next chunk"]);
  end();
  for (let i = 0; i < 3; i += 1) await soon();
  expect(log).toEqual(["next chunk", "chunk ends", "collect begins", "collect ends", "case"]);
});

test("a duty whose window has closed before its turn keeps nobody waiting", async () => {
  const { queue, warned } = setup();
  const done: string[] = [];
  let isOpen = true;
  const begin = (name: string, isDue?: () => boolean) =>
    queue.beginWith(
      { name },
      async () => name,
      async (given) => {
        isOpen = false;
        done.push(given);
      },
      isDue,
    );
  begin("first");
  begin("late", () => isOpen);
  begin("other");
  for (let i = 0; i < 3; i += 1) await soon();
  expect([done, warned]).toEqual([["first", "other"], ["late"]]);
});

test("a duty whose bytes cannot be had is told and may be begun again", async () => {
  const { queue, warned } = setup();
  let times = 0;
  const begin = () =>
    queue.beginWith(
      { name: "sum" },
      async () => {
        times += 1;
        throw new R3mesError({ code: "CONTENT_UNAVAILABLE", cid: "c" });
      },
      async () => undefined,
    );
  begin();
  await soon();
  begin();
  await soon();
  expect([times, warned]).toEqual([2, ["sum", "sum"]]);
});

test("a duty that fails at every height leaves nothing of what it gathered or computed behind", async () => {
  const { queue, warned } = setup();
  const held: WeakRef<Uint8Array>[] = [];
  const bytes = () => {
    const made = new Uint8Array(1 << 20);
    held.push(new WeakRef(made));
    return made;
  };
  for (let height = 0; height < 20; height += 1) {
    const failing = async (given: Uint8Array) => {
      const computed = bytes();
      await soon();
      const facts = { code: "NODE_UNREACHABLE", url: "x", reason: "y" } as const;
      throw new R3mesError(facts, { cause: { given, computed } });
    };
    queue.beginWith({ name: "computed" }, async () => bytes(), failing);
    queue.beginWith({ name: "gathered" }, () => failing(bytes()), failing);
    for (let i = 0; i < 4; i += 1) await soon();
  }
  expect(warned.length).toBe(40);
  expect(held.length).toBeGreaterThan(60);
  collectGarbage();
  expect(held.filter((ref) => ref.deref() !== undefined)).toEqual([]);
});

/** All of it: a promise that nobody can reach any more is gone behind this. */
function collectGarbage(): void {
  setFlagsFromString("--expose-gc");
  runInNewContext("gc")();
}
