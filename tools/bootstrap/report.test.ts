import { expect, test, vi } from "vitest";
import { createReport, formatSeconds } from "./report.js";

test("a log gets a first line, a line a heartbeat and a last one, without control characters", () => {
  vi.useFakeTimers();
  const written: string[] = [];
  const report = createReport({ write: (text) => written.push(text) }, { heartbeatMs: 15_000 });
  const end = report.begin("chain", "go build", () => "cosmossdk.io/math");
  vi.advanceTimersByTime(31_000);
  end("done");
  vi.useRealTimers();
  expect(written).toEqual([
    "  chain     go build …\n",
    "  chain     go build, 15.0 s: cosmossdk.io/math\n",
    "  chain     go build, 30.0 s: cosmossdk.io/math\n",
    "  chain     go build, done after 31.0 s\n",
  ]);
});

test("a terminal sees one line change, cut to its width", () => {
  vi.useFakeTimers();
  const written: string[] = [];
  const terminal = { isTTY: true, columns: 31, write: (text: string) => written.push(text) };
  const end = createReport(terminal).begin("chain", "go build", () => "a very long package path");
  vi.advanceTimersByTime(1000);
  end("done");
  vi.useRealTimers();
  expect(written).toEqual([
    "\r\x1b[2K  chain     go build, 1.0 s: a",
    "\r\x1b[2K  chain     go build, done after 1.0 s\n",
  ]);
});

test("a program that has said nothing yet is shown without a colon", () => {
  vi.useFakeTimers();
  const written: string[] = [];
  const end = createReport({ write: (text) => written.push(text) }).begin(
    "packages",
    "npm ci",
    () => "",
  );
  vi.advanceTimersByTime(15_000);
  end("done");
  vi.useRealTimers();
  expect(written[1]).toBe("  packages  npm ci, 15.0 s\n");
});

test("times are read at a glance", () => {
  expect([380, 41_230, 185_900].map(formatSeconds)).toEqual(["0.4 s", "41.2 s", "3 min 5 s"]);
});
