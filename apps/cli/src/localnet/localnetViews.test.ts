import { stripVTControlCharacters } from "node:util";
import { manualClock } from "@r3mes/service/testing";
import { expect, test } from "vitest";
import { createPaint } from "../paint.ts";
import { createBoardView } from "./createBoardView.ts";
import { createJsonView } from "./createJsonView.ts";
import { createLineView } from "./createLineView.ts";
import type { LocalnetStatus } from "./localnetStatus.ts";

const starting: LocalnetStatus = {
  chainId: "remesdev-1",
  height: null,
  blockTimeMs: null,
  peers: null,
  startedAtMs: 0,
  processes: [{ name: "validator-0", state: "starting", pid: 7, restarts: 0 }],
  urls: { rpc: "http://127.0.0.1:1", rest: "http://127.0.0.1:2", grpc: "127.0.0.1:3" },
  home: "/project/.r3mes",
  logs: "/project/.r3mes/logs",
  pools: [],
  disputes: [],
  silent: [],
  earned: [],
  compute: null,
};
const ready: LocalnetStatus = {
  ...starting,
  height: 5,
  blockTimeMs: 100_000,
  peers: 0,
  processes: [{ name: "validator-0", state: "ready", pid: 7, restarts: 0 }],
};

function setup(columns = 80, rows = 0) {
  let written = "";
  const write = (text: string): void => {
    written += text;
  };
  const stdout = { write, isTTY: true, columns, rows };
  const paint = createPaint({}, {});
  const host = { env: {}, cwd: "/", stdin: {}, stdout, stderr: stdout, paint, errorPaint: paint };
  return { host, stdout, text: () => written };
}

test("JSON lines tell each change once, a stall among them, and blocks not at all", async () => {
  const { stdout, text } = setup();
  const clock = manualClock(100_000);
  const view = createJsonView(stdout, clock);
  view.step("making keys");
  view.show(starting);
  view.show(starting);
  view.ready(ready);
  view.show({ ...ready, height: 6 });
  await clock.advance(15_001);
  view.show({ ...ready, height: 6 });
  view.show({ ...ready, height: 6 });
  view.show({ ...ready, height: 7, blockTimeMs: 115_000 });
  view.stopping("SIGINT");
  view.stopped(6);
  const events = text()
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(events).toEqual([
    { event: "step", text: "making keys" },
    { event: "process", name: "validator-0", state: "starting", pid: 7, restarts: 0 },
    { event: "process", name: "validator-0", state: "ready", pid: 7, restarts: 0 },
    { event: "ready", ...ready },
    { event: "stalled", height: 6 },
    { event: "moving", height: 7 },
    { event: "stopping", reason: "SIGINT" },
    { event: "stopped", height: 6 },
  ]);
});

test("plain lines tell changes, and the height once a minute", async () => {
  const { stdout, text } = setup();
  const clock = manualClock(100_000);
  const view = createLineView(stdout, clock);
  view.show(starting);
  view.ready(ready);
  await clock.advance(60_000);
  view.show({ ...ready, height: 5 });
  view.show({ ...ready, height: 6, blockTimeMs: 159_999 });
  view.show({ ...ready, height: 7, blockTimeMs: 160_000 });
  view.stopped(7);
  expect(text()).toMatchInlineSnapshot(`
    "validator-0 starting
    validator-0 ready
    height 5
    ready: remesdev-1 at height 5
    RPC http://127.0.0.1:1
    REST http://127.0.0.1:2
    gRPC 127.0.0.1:3
    logs /project/.r3mes/logs
    no block since height 5: see the logs
    blocks again
    height 7
    stopped at height 7
    "
  `);
});

test("plain lines tell of each round that ends while they are written, once", () => {
  const { stdout, text } = setup();
  const view = createLineView(stdout, manualClock(100_000));
  const ended = { phase: "settled", accepted: 3, rejected: 0, open: 3 };
  const [one, two] = [4.8394, 4.6042].map((loss, i) => ({ version: i + 1, loss }));
  const pool = { id: "1", adapterVersion: 1, heldOutLoss: [one!] };
  const first = { ...ended, round: 1 };
  const pools = (heldOutLoss: typeof pool.heldOutLoss, ...rounds: (typeof first)[]) => [
    { ...pool, adapterVersion: heldOutLoss.length, heldOutLoss, rounds: [first, ...rounds] },
  ];
  view.show({ ...ready, pools: pools([one!], { ...first, round: 2, phase: "audit" }) });
  const second = { ...first, round: 2, accepted: 2, rejected: 1 };
  view.show({ ...ready, height: 94, pools: pools([one!, two!], second) });
  view.show({ ...ready, height: 95, pools: pools([one!, two!], second) });
  const third = { ...first, round: 3, phase: "carried over", accepted: 0, rejected: 3 };
  view.show({ ...ready, height: 130, pools: pools([one!, two!], second, third) });
  expect(text().split("\n").slice(2, -1)).toEqual([
    "height 94  pool 1, round 2: version 2, held-out loss 4.604 bits/token, 2 of 3 accepted",
    "height 130  pool 1, round 3: no new version, 0 of 3 accepted",
  ]);
});

test("the last that a start says is the one address to open", () => {
  const dashboard = "http://127.0.0.1:3000";
  const urls = { ...ready.urls, api: "http://127.0.0.1:8080/v1", dashboard };
  const lines = setup();
  createLineView(lines.stdout, manualClock(100_000)).ready({ ...ready, urls });
  expect(lines.text()).toMatch(/\nopen http:\/\/127\.0\.0\.1:3000\n$/);
  const terminal = setup();
  const board = createBoardView(terminal.host, manualClock(100_000));
  board.show({ ...starting, urls });
  expect(terminal.text()).not.toContain("Open ");
  board.ready({ ...ready, urls });
  board.show({ ...ready, urls });
  const shown = stripVTControlCharacters(terminal.text());
  expect(shown).toMatch(/\n Open http:\/\/127\.0\.0\.1:3000\n$/);
  board.stopping("SIGINT");
  expect(terminal.text()).toMatch(/Stopping …\n$/);
});

test("whoever reads lines is told how to ask the newest version", () => {
  const { stdout, text } = setup();
  const urls = { ...ready.urls, api: "http://127.0.0.1:8080/v1" };
  createLineView(stdout, manualClock(100_000)).ready({ ...ready, urls });
  expect(text()).toContain("curl http://127.0.0.1:8080/v1/completions -H ");
  expect(text()).toContain('"model": "pool-1@latest"');
});

test("the board is never higher than the terminal: what is rarely looked at gives way", () => {
  const processes = Array.from({ length: 10 }, (_, i) => ({
    ...ready.processes[0]!,
    name: `miner-${i}`,
    restarts: i === 4 ? 1 : 0,
  }));
  const urls = {
    ...ready.urls,
    api: "http://127.0.0.1:8080/v1",
    dashboard: "http://127.0.0.1:3000",
  };
  const pools = [{ id: "1", adapterVersion: 0, heldOutLoss: [], rounds: [] }];
  const earned = processes.slice(4).map(({ name }) => ({
    ...{ name, operator: name, pending: "0", matured: "0", paid: "0" },
  }));
  const drawn = (rows: number) => {
    const { host, text } = setup(80, rows);
    createBoardView(host, manualClock(100_000)).ready({ ...ready, processes, urls, pools, earned });
    return stripVTControlCharacters(text()).split("\n").slice(0, -1);
  };
  expect(drawn(0).length).toBeGreaterThan(24);
  expect(drawn(0).join()).not.toContain("9 of 10 ready");
  for (const rows of [8, 16, 24, 30, 40]) expect(drawn(rows).length).toBeLessThan(rows);
  const usual = drawn(24).join("\n");
  for (const shown of ["9 of 10 ready", "miner-4", "once", "no version yet", "Open http://"]) {
    expect(usual).toContain(shown);
  }
  expect(usual).not.toContain("miner-3");
  expect(drawn(40)).toEqual(drawn(0));
});

test("the board is drawn over itself, never wider than the terminal, and ends with the truth", () => {
  const { host, text } = setup(30);
  const view = createBoardView(host, manualClock(100_000));
  view.step("making keys");
  view.show(starting);
  const lines = text().split("\n").length - 2;
  view.show(ready);
  expect(text()).toContain(`\u001b[${lines}A\r\u001b[J`);
  for (const line of stripVTControlCharacters(text()).split(/\r?\n/)) {
    expect(line.length).toBeLessThanOrEqual(30);
  }
  view.stopping("SIGINT");
  expect(text()).toMatch(/Stopping …\n$/);
  view.stopped(5);
  expect(text()).toContain("Stopped at height 5.");
});
