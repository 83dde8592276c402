import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { createPaint } from "../paint.ts";
import { runRole } from "./runRole.ts";

test("the folder of another role is refused by its name, not by its settings", async () => {
  const folder = mkdtempSync(join(tmpdir(), "r3mes-role-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, "config.toml"), '[log]\nlevel = "info"\n\n[verify]\nthreads = 1\n');
  const paint = createPaint({}, {});
  const stream = { write: () => {} };
  const streams = { stdin: {}, stdout: stream, stderr: stream };
  const host = { ...streams, env: {}, cwd: "/", paint, errorPaint: paint };
  await expect(runRole({ host, home: "/", json: false }, "mine", folder)).rejects.toMatchObject({
    code: "PARTICIPANT_OTHER_ROLE",
    facts: { folder, role: "miner", actual: "verifier" },
  });
});
