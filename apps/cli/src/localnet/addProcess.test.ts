import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock } from "@r3mes/service";
import { afterEach, beforeEach, expect, test } from "vitest";
import { addProcess } from "./addProcess.ts";
import { localnetPaths } from "./localnetPaths.ts";
import { readLocalnetState, writeLocalnetState } from "./localnetState.ts";

let paths = localnetPaths("");
beforeEach(() => {
  paths = localnetPaths(mkdtempSync(join(tmpdir(), "r3mes-add-")));
  const config = join(paths.folder, "validator-0/config");
  mkdirSync(config, { recursive: true });
  for (const file of ["genesis.json", "priv_validator_key.json", "config.toml", "app.toml"]) {
    writeFileSync(join(config, file), "{}");
  }
  const ports = { p2p: 1, rpc: 2, grpc: 3, rest: 4 };
  writeLocalnetState(paths.stateFile, {
    ...{ version: 2, chainId: "remesdev-1", portMode: "auto" },
    validators: [{ name: "validator-0", nodeId: "ab", ports }],
    processes: [{ name: "miner-1", kind: "miner", ports: { http: 5, store: 6 } }],
  });
});
afterEach(() => rmSync(paths.home, { recursive: true }));

test("processes that are added at once have names, keys and ports of their own, and all are in the state", async () => {
  const added = await Promise.all(
    ["miner", "miner", "verifier"].map((kind) => addProcess(paths, kind, systemClock)),
  );
  expect(added.map(({ name }) => name).sort()).toEqual(["miner-2", "miner-3", "verifier-1"]);
  expect(new Set(added.map(({ address }) => address)).size).toBe(3);
  const { processes } = readLocalnetState(paths)!;
  expect(processes.slice(1)).toEqual(expect.arrayContaining(added));
  expect(processes).toHaveLength(4);
});
