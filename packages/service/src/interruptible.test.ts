import { EventEmitter } from "node:events";
import { expect, test } from "vitest";
import { createShutdown } from "./createShutdown.ts";
import { interruptible } from "./interruptible.ts";
import { isInterruption } from "./isInterruption.ts";
import { manualClock } from "./testing/manualClock.ts";

function setup() {
  const signals = new EventEmitter();
  const clock = manualClock();
  const shutdown = createShutdown({ clock, signals, forceExit: () => {} });
  return { clock, signals, shutdown, closed: [] as string[] };
}

test("what was opened is closed at the end, last first", async () => {
  const { shutdown, closed } = setup();
  const opened = await interruptible(shutdown, async (closing) => {
    closing("database", () => void closed.push("database"));
    closing("server", () => void closed.push("server"));
    return "open";
  });
  expect(opened).toBe("open");
  expect(await shutdown.begin("done")).toEqual({ reason: "done", failures: [] });
  expect(closed).toEqual(["server", "database"]);
});

test("asked to end while it opens, it opens nothing more, and closes what was being opened", async () => {
  const { signals, shutdown, closed } = setup();
  let serverIsOpen = (): void => {};
  const server = new Promise<void>((resolve) => {
    serverIsOpen = resolve;
  });
  const opening = interruptible(shutdown, async (closing) => {
    closing("database", () => void closed.push("database"));
    await server;
    closing("server", () => void closed.push("server"));
    closed.push("opened a third part");
  });
  const outcome = opening.catch((error: unknown) => error);
  await Promise.resolve();
  signals.emit("SIGTERM");
  await Promise.resolve();
  serverIsOpen();
  expect(isInterruption(await outcome)).toBe(true);
  expect(closed).toEqual(["database", "server"]);
  expect((await shutdown.done).failures).toEqual([]);
});

test("what fails under the end is no failure; what fails before it is", async () => {
  const { shutdown } = setup();
  const closedUnderIt = interruptible(shutdown, async () => {
    void shutdown.begin("SIGTERM");
    throw new Error("the database is closed");
  });
  await expect(closedUnderIt).rejects.toSatisfy(isInterruption);
  const failing = interruptible(setup().shutdown, () => Promise.reject(new Error("no such file")));
  await expect(failing).rejects.toThrow("no such file");
});
