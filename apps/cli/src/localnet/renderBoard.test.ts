import { stripVTControlCharacters } from "node:util";
import { expect, test } from "vitest";
import { createPaint } from "../paint.ts";
import type { LocalnetStatus } from "./localnetStatus.ts";
import { renderBoard } from "./renderBoard.ts";

const status: LocalnetStatus = {
  chainId: "remesdev-1",
  height: 12_345,
  blockTimeMs: 100_000,
  peers: 0,
  startedAtMs: 0,
  processes: [
    { name: "validator-0", state: "ready", pid: 4711, restarts: 0 },
    { name: "miner-0", state: "waiting", pid: null, restarts: 0 },
  ],
  urls: { rpc: "http://127.0.0.1:26657", rest: "http://127.0.0.1:1317", grpc: "127.0.0.1:9090" },
  home: "/project/.r3mes",
  logs: "/project/.r3mes/logs",
  pools: [],
  disputes: [],
  silent: [],
  earned: [],
  compute: null,
};
const plain = { paint: createPaint({}, {}), nowMs: 100_400, columns: 80 };

test("the board is aligned and says what is known", () => {
  expect(renderBoard(status, plain).join("\n")).toMatchInlineSnapshot(`
    " R3MES localnet  remesdev-1  running for 1 min 40 s

     height     12,345  block 0.4 s ago
     peers      0

     processes  ready     validator-0  process 4711
                waiting   miner-0

     RPC        http://127.0.0.1:26657
     REST       http://127.0.0.1:1317
     gRPC       127.0.0.1:9090
     logs       /project/.r3mes/logs"
  `);
});

test("what is not known is said, not invented", () => {
  const silent = { ...status, height: null, blockTimeMs: null, peers: null };
  const text = renderBoard(silent, plain).join("\n");
  expect(text).toContain("no answer yet");
  expect(text).toContain("peers      unknown");
});

test("a block of long ago is marked", () => {
  const paint = { ...plain.paint, yellow: (text: string) => `<${text}>` };
  const text = renderBoard(status, { ...plain, paint, nowMs: 130_000 }).join("\n");
  expect(text).toContain("<block 30 s ago>");
  const moving = { ...plain, paint, nowMs: 18_100_000, isMoving: true };
  expect(renderBoard(status, moving).join("\n")).toContain(
    "<this machine's clock is 5 h ahead of the chain's>",
  );
});

test("a process that is there and does not answer is marked", () => {
  const processes = [
    { name: "miner-1", state: "ready", pid: 4711, restarts: 0 },
    { name: "miner-2", state: "ready", pid: 4712, restarts: 0 },
    { name: "miner-3", state: "starting", pid: 4713, restarts: 0 },
  ] as const;
  const silent = { ...status, processes, silent: ["miner-1", "miner-3"] };
  const marked = renderBoard(silent, plain).filter((line) => line.includes("does not answer"));
  expect(marked).toEqual([" processes  ready     miner-1  process 4711  does not answer"]);
});

const training: LocalnetStatus = {
  ...status,
  processes: [{ name: "miner-1", state: "ready", pid: 4_194_303, restarts: 2 }] as const,
  pools: [
    {
      id: "1",
      adapterVersion: 3,
      heldOutLoss: [
        { version: 1, loss: 5.6 },
        { version: 3, loss: 5.51234 },
      ],
      rounds: [{ round: 4, phase: "carried over", accepted: 0, rejected: 0, open: 3 }],
    },
  ],
  earned: [
    { operator: "r", name: "verifier-10", pending: "24000000", matured: "0", paid: "unknown" },
  ],
  compute: {
    trainingSeconds: 98_765.4,
    auditSeconds: 12_345.6,
    auditPercent: 12.5,
    auditPercentExpected: 30,
  },
};

test("a process that ended for good is shown with its reason", () => {
  const miner = { name: "miner-4", pid: null, restarts: 5, reason: "There is no GPU" };
  const processes = [{ ...miner, state: "failed" }] as const;
  const [line] = renderBoard({ ...status, processes }, plain).filter((text) =>
    text.includes("miner-4"),
  );
  expect(line).toMatch(/failed +miner-4 +restarted 5 times +There is no GPU/);
});

test("pools and earnings fit a terminal of 80 columns", () => {
  const lines = renderBoard(training, plain);
  expect(lines).toContain(
    " compute    audits 12345.6 s for 98765.4 s of training, 12.5 %, 30 % expected",
  );
  expect(lines).toContain(
    " pools      1  round 4 carried over   v3  loss 5.6000 → 5.5123 bits/token",
  );
  expect(lines).toContain(
    " earned     verifier-10  pending    24.00  matured     0.00  paid  unknown",
  );
  for (const line of lines) expect(line.length).toBeLessThanOrEqual(80);
});

test("at 40 columns what has no room beside its label stands under it, and nothing is cut", () => {
  const lines = renderBoard(training, { ...plain, columns: 40 });
  expect(lines.join("\n")).toMatchInlineSnapshot(`
    " R3MES localnet  remesdev-1
       running for 1 min 40 s

     height     12,345  block 0.4 s ago
     peers      0

     processes
       ready     miner-1  process 4194303
         restarted 2 times

     pools
       1  round 4 carried over   v3
         loss 5.6000 → 5.5123 bits/token

     earned
       verifier-10  pending    24.00
         matured     0.00  paid  unknown

     compute
       audits 12345.6 s for 98765.4 s of
       training, 12.5 %, 30 % expected

     RPC        http://127.0.0.1:26657
     REST       http://127.0.0.1:1317
     gRPC       127.0.0.1:9090
     logs       /project/.r3mes/logs"
  `);
});

test("a word that is longer than a line stays whole, so that it can be copied", () => {
  const logs = "/a/home/that/lies/very/deep/in/the/project/.r3mes/logs";
  const lines = renderBoard({ ...status, logs }, { ...plain, columns: 40 });
  expect(lines.slice(-2)).toEqual([" logs", `   ${logs}`]);
});

test("colours take no room", () => {
  const bright = createPaint({ isTTY: true }, {});
  const painted = renderBoard(training, { ...plain, paint: bright, columns: 40 });
  expect(painted.join("")).toContain("\u001b[");
  expect(painted.map(stripVTControlCharacters)).toEqual(
    renderBoard(training, { ...plain, columns: 40 }),
  );
});
