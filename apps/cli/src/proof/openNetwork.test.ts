import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { localnetPaths } from "../localnet/localnetPaths.ts";
import { openChain } from "./openNetwork.ts";

/** What a localnet leaves behind that was stopped: nothing listens at port 1. */
function stoppedHome(): string {
  const home = mkdtempSync(join(tmpdir(), "r3mes-home-"));
  onTestFinished(() => rmSync(home, { recursive: true }));
  const { networkFile } = localnetPaths(home);
  mkdirSync(dirname(networkFile), { recursive: true });
  writeFileSync(networkFile, JSON.stringify({ rpc: "http://127.0.0.1:1", processes: [] }));
  return home;
}

test("a localnet that was stopped is said not to run, as one that never was", async () => {
  const home = stoppedHome();
  for (const each of [home, join(home, "none")]) {
    await expect(openChain(each)).rejects.toMatchObject({
      code: "LOCALNET_NOT_RUNNING",
      facts: { home: each },
    });
  }
});
