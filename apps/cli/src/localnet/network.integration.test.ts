/** The whole network under the real front door: real processes with real keys train a round, are paid, and end in order. */
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { GENESIS_FOLDER, openModelFolder } from "@r3mes/models/node";
import { processBirth } from "@r3mes/service/testing";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { adapterBytesOfNetwork } from "../adapters/adapterBytesOfNetwork.ts";
import { adapterBytesMax, adapterOfFile } from "../adapters/adapterOfFile.ts";
import { type CliRun, runCli, startCli } from "../testing/startCli.ts";
import type { LocalnetStatus } from "./localnetStatus.ts";

let home = "";
let run: CliRun;

beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), "r3mes-network-"));
  const env = {
    R3MES_LOCALNET_MINERS: "2",
    R3MES_LOCALNET_VERIFIERS: "2",
    R3MES_LOCALNET_SERVICES: "false",
  };
  run = startCli(["localnet", "start", "--ports", "auto", "--json", "--home", home], { env });
});
afterAll(async () => {
  run.child.kill("SIGTERM");
  await run.ended;
  await runCli(["localnet", "stop", "--home", home]);
  rmSync(home, { recursive: true, force: true });
});

async function status(): Promise<LocalnetStatus> {
  const { stdout } = await runCli(["localnet", "status", "--json", "--home", home]);
  return JSON.parse(stdout) as LocalnetStatus;
}

async function answer<T>(...command: readonly string[]): Promise<T> {
  const { stdout } = await runCli([...command, "--json", "--home", home]);
  return JSON.parse(stdout) as T;
}

const patience = { timeout: 600_000, interval: 2_000 };

test("a network founds itself, trains a round, pays for it, and can be checked by a stranger", async () => {
  await run.event(({ event }) => event === "ready");
  const running = await status();
  for (const { name, pid } of running.processes) {
    expect(processBirth(pid ?? 0), name).not.toBeNull();
  }
  for (const name of ["founder", "miner-1", "verifier-2"]) {
    for (const file of ["keystore.json", "password", "journal"]) {
      expect(statSync(join(home, "localnet", name, file)).mode & 0o777, file).toBe(0o600);
    }
  }

  const killed = await answer<{ pid: number }>("localnet", "kill", "miner-2");
  // Killed is not gone yet: a process leaves when its memory is given back and its parent has noticed.
  await vi.waitFor(() => expect(processBirth(killed.pid)).toBeNull(), patience);

  await vi.waitFor(async () => {
    const { pools } = await status();
    expect(pools[0]?.heldOutLoss.length).toBeGreaterThan(0);
  }, patience);
  const { adapters } = await answer<{ adapters: { adapter: string }[] }>("list", "adapters");
  expect(adapters[0]!.adapter).toBe("pool-1@v1");
  const reproduced = await answer<{ equal: boolean; root: string }>("reproduce", "pool-1@v1");
  expect(reproduced).toMatchObject({ equal: true, root: expect.stringMatching(/^[0-9a-f]{64}$/) });

  // Whoever checks a receipt in this folder names no adapter.
  const { manifest, close } = await openModelFolder(GENESIS_FOLDER);
  await close();
  const bytesOf = (root: string) => adapterBytesOfNetwork(home, root, adapterBytesMax(manifest));
  adapterOfFile(manifest, await bytesOf(reproduced.root), reproduced.root);
  await expect(bytesOf("00".repeat(32))).rejects.toMatchObject({ code: "RECEIPT_WEIGHTS_MISSING" });
  const { models } = await answer<{ models: object[] }>("list", "models");
  expect(models).toMatchObject([{ model: "1", name: "genesis", status: "approved" }]);

  await vi.waitFor(async () => {
    const { earned } = await status();
    expect(earned.filter(({ paid }) => /^[1-9]/.test(paid)).length).toBeGreaterThan(0);
  }, patience);
  const settled = await status();
  // What was paid for was trained, and audited before.
  expect(settled.compute).toMatchObject({ auditPercentExpected: expect.any(Number) });
  expect(settled.compute!.trainingSeconds).toBeGreaterThan(0);
  expect(settled.compute!.auditSeconds).toBeGreaterThan(0);
  expect(settled.processes.find(({ name }) => name === "miner-2")).toMatchObject({
    state: "ready",
    restarts: 1,
  });
  expect(settled.disputes).toEqual([]);
  const paid = settled.earned.find((each) => /^[1-9]/.test(each.paid))!;
  const { reward } = await answer<{ reward: { credited: string }[] }>(
    "explain",
    "reward",
    paid.name,
  );
  const credited = reward.reduce((sum, each) => sum + BigInt(each.credited), 0n);
  expect(credited).toBeGreaterThanOrEqual(BigInt(paid.paid));

  run.child.kill("SIGINT");
  expect(await run.ended).toMatchObject({ code: 0, stderr: "" });
  for (const { name, pid } of settled.processes) expect(processBirth(pid ?? 0), name).toBeNull();
  const founding = JSON.parse(readFileSync(join(home, "localnet/founding.json"), "utf8"));
  expect(founding).toMatchObject({ model: "1", pools: { "moby-dick": "1" } });
}, 1_500_000);
