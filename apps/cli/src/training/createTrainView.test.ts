import { manualClock } from "@r3mes/service/testing";
import { expect, test } from "vitest";
import type { Host } from "../host.ts";
import { createPaint } from "../paint.ts";
import { createTrainView, renderSeconds, renderStep } from "./createTrainView.ts";

const report = { step: 3, steps: 200, loss: 6.73249, tokensPerSecond: 2480.4, secondsLeft: 81 };

function createHost(isTTY: boolean) {
  const written = { stdout: "", stderr: "" };
  const stream = (name: keyof typeof written) => ({
    write: (text: string) => {
      written[name] += text;
    },
    isTTY,
    columns: 80,
  });
  const paint = createPaint({ isTTY: false }, {});
  const host: Host = {
    env: {},
    cwd: "/",
    stdin: {},
    stdout: stream("stdout"),
    stderr: stream("stderr"),
    paint,
    errorPaint: paint,
  };
  return { host, written };
}

test("a step is one line with loss, speed and the time that is left", () => {
  expect(renderStep(report)).toBe(
    "step 3/200 · 6.732 bits per token · 2,480 tokens/s · 1 min 21 s left",
  );
  expect([0, 59.2, 60, 3600, 7_384].map(renderSeconds)).toEqual([
    "0 s",
    "1 min 0 s",
    "1 min 0 s",
    "1 h 0 min",
    "2 h 3 min",
  ]);
});

test("a script gets the result alone on standard output, and each step as an object on standard error", () => {
  const { host, written } = createHost(true);
  const view = createTrainView(host, true, manualClock(0));
  view.note("going on");
  view.step(report);
  expect(written).toEqual({ stdout: "", stderr: `${JSON.stringify(report)}\n` });
  const result = { steps: 200, root: "ab", tokensPerSecond: null, peakBytes: 1, heldOut: null };
  view.result(result, "/run");
  expect(JSON.parse(written.stdout)).toEqual({ ...result, folder: "/run" });
});

test("a terminal sees one line that is drawn over itself, a file a line now and then", () => {
  const clock = manualClock(0);
  const terminal = createHost(true);
  const file = createHost(false);
  for (const { host } of [terminal, file]) {
    const view = createTrainView(host, false, clock);
    view.step(report);
    view.step({ ...report, step: 4 });
  }
  expect(terminal.written.stderr).toBe(`\r\u001b[K${renderStep(report)}`);
  expect(file.written.stderr).toBe(`${renderStep(report)}\n`);
});

test("the result stands alone on standard output, with the share that was gained", () => {
  const { host, written } = createHost(false);
  const result = { steps: 200, root: "ab", tokensPerSecond: 2480.4, peakBytes: 2 ** 28 };
  createTrainView(host, false, manualClock(0)).result(
    { ...result, heldOut: { before: 8, after: 7.2 } },
    "/run",
  );
  expect(written.stdout).toContain("8.0000 → 7.2000 bits per token (10.00 % less)");
  expect(written.stdout).toContain("256 MiB at most");
  expect(written.stderr).toBe("");
});
