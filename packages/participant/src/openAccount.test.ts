import { EventEmitter } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createShutdown, systemClock } from "@r3mes/service";
import { createSecret } from "@r3mes/service/testing";
import { expect, onTestFinished, test } from "vitest";
import { type AccountOptions, openAccount } from "./openAccount.ts";

test("a folder that takes no file is said to be so, by its path and the reason", async () => {
  const parent = mkdtempSync(join(tmpdir(), "r3mes-account-"));
  onTestFinished(() => rmSync(parent, { recursive: true }));
  const folder = join(parent, "gone");
  const settings = { log: { level: "error" }, key: { password: createSecret("p") } };
  const options = { name: "miner", folder, settings } as unknown as AccountOptions;
  const shutdown = createShutdown({
    ...{ clock: systemClock, signals: new EventEmitter() },
    forceExit: () => expect.unreachable(),
  });
  onTestFinished(() => shutdown.dispose());
  await expect(openAccount(options, shutdown)).rejects.toMatchObject({
    code: "FILE_UNWRITABLE",
    facts: { path: join(folder, "process.lock"), reason: expect.stringContaining("ENOENT") },
  });
});
