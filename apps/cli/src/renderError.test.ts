import { R3mesError } from "@r3mes/protocol";
import { expect, test } from "vitest";
import { createPaint } from "./paint.ts";
import { renderError } from "./renderError.ts";

const paint = createPaint({}, {});

test("a fact that the sentence tells is not told twice, and lines fit the terminal", () => {
  const error = new R3mesError({
    code: "PORT_IN_USE",
    port: 26_657,
    purpose: "rpc",
    holder: "nginx (process 812)",
  });
  expect(renderError(error.toJSON(), paint, 60)).toMatchInlineSnapshot(`
    "error  Port 26657 (rpc) is in use by nginx (process 812).
           PORT_IN_USE
     next  Stop that program, or let r3mes choose free ports:
           npx r3mes localnet --ports auto.
    "
  `);
});

test("the help of the very command takes the place of a general remedy", () => {
  const help = "npx r3mes localnet cheat --help";
  const error = new R3mesError({ code: "USAGE_INVALID", reason: "There is no cheat lie", help });
  expect(renderError(error.toJSON(), paint, 80)).toMatchInlineSnapshot(`
    "error  There is no cheat lie.
           USAGE_INVALID
     next  Its form and examples: npx r3mes localnet cheat --help
    "
  `);
});

test("the last lines of a log and the nearest name have their places", () => {
  const error = new R3mesError({
    code: "LOCALNET_PROCESS_DIED",
    process: "validator-0",
    ending: "exit code 1",
    log: "/x/validator-0.log",
    lines: ["first", `last ${"x".repeat(100)}`],
    nearest: "other",
  });
  expect(renderError(error.toJSON(), paint, 80)).toMatchInlineSnapshot(`
    "error  The process validator-0 ended by itself (exit code 1), so the localnet
           was stopped.
           LOCALNET_PROCESS_DIED · log /x/validator-0.log
           │ first
           │ last xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx
           Did you mean other?
     next  Read the last lines of its log, then run npx r3mes localnet, which goes
           on at the old height.
    "
  `);
});
