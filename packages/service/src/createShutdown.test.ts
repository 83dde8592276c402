import { EventEmitter } from "node:events";
import { expect, test } from "vitest";
import { createShutdown } from "./createShutdown.ts";
import { manualClock } from "./testing/manualClock.ts";

function setup() {
  const clock = manualClock();
  const signals = new EventEmitter();
  const forced: number[] = [];
  const forceExit = (code: number) => void forced.push(code);
  const shutdown = createShutdown({ clock, signals, forceExit });
  const ran: string[] = [];
  const add = (name: string, run: () => Promise<void> | void = () => {}) =>
    shutdown.add({
      name,
      deadlineMs: 100,
      run: () => {
        ran.push(name);
        return run();
      },
    });
  return { clock, signals, forced, shutdown, ran, add };
}

test("a signal closes what was opened last first", async () => {
  const { signals, shutdown, ran, add, forced } = setup();
  add("store");
  add("server");
  signals.emit("SIGTERM");
  expect(shutdown.signal.aborted).toBe(true);
  expect(await shutdown.done).toEqual({ reason: "SIGTERM", failures: [] });
  expect(ran).toEqual(["server", "store"]);
  expect(forced).toEqual([]);
});

test("a step that hangs or fails is named and does not stop the others", async () => {
  const { clock, shutdown, ran, add } = setup();
  add("store");
  add("queue", () => {
    throw new Error("not connected");
  });
  add("server", () => new Promise(() => {}));
  const report = shutdown.begin("end of input");
  await clock.advance(99);
  expect(ran).toEqual(["server"]);
  await clock.advance(1);
  expect(await report).toEqual({
    reason: "end of input",
    failures: [
      { name: "server", detail: "not done after 100 ms" },
      { name: "queue", detail: "not connected" },
    ],
  });
  expect(ran).toEqual(["server", "queue", "store"]);
});

test("the end begins once, and a second signal forces it", async () => {
  const { signals, shutdown, ran, add, forced } = setup();
  add("store");
  const first = shutdown.begin("done");
  signals.emit("SIGINT");
  expect(forced).toEqual([130]);
  expect(await shutdown.begin("again")).toBe(await first);
  expect(ran).toEqual(["store"]);
});

test("one Ctrl-C that arrives several times asks once, and a later one forces", async () => {
  const { clock, signals, shutdown, add, forced } = setup();
  add("store");
  signals.emit("SIGINT");
  await clock.advance(20);
  signals.emit("SIGINT");
  signals.emit("SIGINT");
  expect(forced).toEqual([]);
  await clock.advance(500);
  signals.emit("SIGINT");
  expect(forced).toEqual([130]);
  await shutdown.done;
});

test("a disposed shutdown no longer hears signals", () => {
  const { signals, shutdown } = setup();
  shutdown.dispose();
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"]) expect(signals.listenerCount(name)).toBe(0);
});
