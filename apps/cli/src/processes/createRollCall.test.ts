import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { createRollCall } from "./createRollCall.ts";

async function openProcess(): Promise<number> {
  const server = createServer((_, response) => response.end("{}"));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

function folderWith(...journals: readonly string[]): string {
  const folder = mkdtempSync(join(tmpdir(), "r3mes-roll-call-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const name of journals) {
    mkdirSync(join(folder, name));
    writeFileSync(join(folder, name, "journal"), "");
  }
  return folder;
}

const nowhere = { http: 1, store: 1 };
const { signal } = new AbortController();

test("who took part before must answer, and who did not is not waited for", async () => {
  const verifier = {
    name: "verifier-1",
    kind: "verifier",
    ports: { http: await openProcess(), store: 1 },
  };
  const miner = { name: "miner-1", kind: "miner", ports: nowhere };
  const processes = [verifier, miner];
  const first = createRollCall({ folder: folderWith() }, { processes });
  expect(await first(signal)).toBe(true);
  const back = createRollCall({ folder: folderWith("verifier-1") }, { processes });
  expect(await back(signal)).toBe(true);
  const missing = createRollCall({ folder: folderWith("verifier-1", "miner-1") }, { processes });
  await expect(missing(signal)).rejects.toThrow();
});
