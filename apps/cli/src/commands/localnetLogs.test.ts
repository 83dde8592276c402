import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { createPaint } from "../paint.ts";
import { localnetLogs } from "./localnetLogs.ts";

test("where no localnet ever ran, no log is called unknown, and none is offered", async () => {
  const home = mkdtempSync(join(tmpdir(), "r3mes-logs-"));
  onTestFinished(() => rmSync(home, { recursive: true }));
  const paint = createPaint({}, {});
  const stream = { write: () => {} };
  const streams = { stdin: {}, stdout: stream, stderr: stream };
  const host = { ...streams, env: {}, cwd: "/", paint, errorPaint: paint };
  for (const name of [undefined, "miner-1"]) {
    await expect(
      localnetLogs({ host, home, json: false }, name, { lines: "20" }),
    ).rejects.toMatchObject({ code: "LOCALNET_NOT_RUNNING", facts: { home } });
  }
});
