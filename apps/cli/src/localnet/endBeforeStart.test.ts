import { EventEmitter } from "node:events";
import { expect, test } from "vitest";
import { endBeforeStart } from "./endBeforeStart.ts";

function starting() {
  const signals = new EventEmitter();
  const said: (string | null)[] = [];
  const handOver = endBeforeStart({
    view: { stopped: () => void said.push("stopped") },
    signals,
    endBy: (name) => void said.push(name),
  });
  return { signals, said, handOver };
}

test("the first signal is told, and ends the process as it would have without", () => {
  const { signals, said } = starting();
  signals.emit("SIGINT");
  signals.emit("SIGINT");
  expect(said).toEqual(["stopped", "SIGINT"]);
});

test("what runs the processes gets the signals afterwards", () => {
  const { signals, said, handOver } = starting();
  handOver();
  signals.emit("SIGTERM");
  expect(said).toEqual([]);
  expect(signals.eventNames()).toEqual([]);
});
