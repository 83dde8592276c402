import { expect, test } from "vitest";
import { crashOf, lastWordsOfEngine } from "./vitestCrash.ts";

const errorOf = (message: string) =>
  Object.assign(new Error("[vitest-pool]: Worker forks emitted error."), {
    cause: new Error(message),
  });

test("a crash has the file and the signal", () => {
  const message =
    "Worker exited unexpectedly with signal SIGTRAP during started state while running test file /clone/apps/a.test.ts";
  expect(crashOf(errorOf(message), "/clone")).toEqual({
    file: "apps/a.test.ts",
    signal: "SIGTRAP",
  });
});

test("what is no crash of one file is none", () => {
  const exited = "Worker exited unexpectedly with exit code 1 during started state";
  const several =
    "Worker exited unexpectedly with signal SIGTRAP during started state while running test files /r/a.test.ts, /r/b.test.ts";
  for (const error of [errorOf(exited), errorOf(several), new Error("stray"), null, "text"]) {
    expect(crashOf(error, "/r")).toBeNull();
  }
});

test("the last words of the engine are found in what was printed", () => {
  const log = "ok\n#\n# Fatal error in , line 0\n# Check failed: x == 1.\n#\n\n 1: 0x1 V8_Fatal\n";
  expect(lastWordsOfEngine(log)).toEqual([
    "# Fatal error in , line 0",
    "# Check failed: x == 1.",
    "#",
    " 1: 0x1 V8_Fatal",
  ]);
  expect(lastWordsOfEngine("all is well\n")).toEqual([]);
});
