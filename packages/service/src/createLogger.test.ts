import { Writable } from "node:stream";
import { R3mesError } from "@r3mes/protocol";
import { expect, test } from "vitest";
import { createLogger, type LoggerOptions } from "./createLogger.ts";
import { createSecret } from "./createSecret.ts";
import { manualClock } from "./testing/manualClock.ts";

function setup(options: Partial<LoggerOptions> = {}, isTTY = false) {
  let written = "";
  const stream = Object.assign(
    new Writable({
      write: (chunk, _encoding, done) => {
        written += String(chunk);
        done();
      },
    }),
    { isTTY },
  );
  const log = createLogger(
    { name: "miner", level: "info", format: "auto", ...options },
    { stream, clock: manualClock(Date.UTC(2026, 10, 26)) },
  );
  return { log, text: () => written };
}

test("elsewhere than on a terminal a line is one JSON object", () => {
  const { log, text } = setup();
  log.debug("unseen");
  log.info({ chunk: 7 }, "chunk committed");
  expect(JSON.parse(text())).toEqual({
    level: "info",
    time: "2026-11-26T00:00:00.000Z",
    name: "miner",
    chunk: 7,
    msg: "chunk committed",
  });
});

test("on a terminal a line is text with its fields", () => {
  const { log, text } = setup({}, true);
  log.warn({ chunk: 7 }, "chunk expired");
  expect(text()).toContain("chunk expired");
  expect(text()).toContain("7");
  expect(() => JSON.parse(text())).toThrow();
});

test("fields that are named like secrets are hidden at every usual depth", () => {
  const { log, text } = setup();
  log.info({ password: "hunter2", request: { headers: { authorization: "hunter2" } } }, "asked");
  log.info({ wallet: { mnemonic: "hunter2" }, a: { b: { c: { token: "hunter2" } } } }, "opened");
  expect(text()).not.toContain("hunter2");
  expect(text()).toContain("[redacted]");
});

test.each(["json", "pretty"] as const)("a known secret is struck out of %s messages", (format) => {
  const secret = createSecret('hun"ter2');
  const { log, text } = setup({ format, secrets: [secret] });
  log.info({ url: 'postgres://user:hun"ter2@host', secret }, 'connected with hun"ter2');
  expect(text()).not.toContain("ter2");
});

test("an error of the catalogue keeps its code, facts and remedy", () => {
  const { log, text } = setup();
  const error = new R3mesError({ code: "PORT_IN_USE", port: 26657, purpose: "RPC", holder: "x" });
  log.error({ error }, "start failed");
  expect(JSON.parse(text()).error).toMatchObject({
    code: "PORT_IN_USE",
    facts: { port: 26657 },
    next: expect.any(String),
    stack: expect.any(String),
  });
});
