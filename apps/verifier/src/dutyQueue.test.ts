import { R3mesError } from "@r3mes/protocol";
import { expect, test } from "vitest";
import { createDutyQueue } from "./dutyQueue.ts";

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
    "withheld",
    () => withheld,
    async (bytes) => done.push(bytes),
  );
  queue.beginWith(
    "there",
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
      name,
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

test("a duty whose window has closed before its turn keeps nobody waiting", async () => {
  const { queue, warned } = setup();
  const done: string[] = [];
  let isOpen = true;
  const begin = (name: string, isDue?: () => boolean) =>
    queue.beginWith(
      name,
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
      "sum",
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
