import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { localnetPaths } from "./localnetPaths.ts";
import { type LocalnetState, readLocalnetState, writeLocalnetState } from "./localnetState.ts";

const state: LocalnetState = {
  version: 2,
  chainId: "remesdev-1",
  portMode: "auto",
  validators: [{ name: "validator-0", nodeId: "ab", ports: { p2p: 1, rpc: 2, grpc: 3, rest: 4 } }],
  processes: [{ name: "miner-1", kind: "miner", address: "remes1", ports: { http: 5, store: 6 } }],
};

let paths = localnetPaths("");
beforeEach(() => {
  paths = localnetPaths(mkdtempSync(join(tmpdir(), "r3mes-state-")));
});
afterEach(() => rmSync(paths.home, { recursive: true }));

function writeGoodState(): void {
  const config = join(paths.folder, "validator-0/config");
  mkdirSync(config, { recursive: true });
  for (const file of ["genesis.json", "priv_validator_key.json"]) {
    writeFileSync(join(config, file), "{}");
  }
  for (const file of ["config.toml", "app.toml"]) writeFileSync(join(config, file), "");
  writeLocalnetState(paths.stateFile, state);
}

test("what was written is read, by this user alone", () => {
  writeGoodState();
  expect(readLocalnetState(paths)).toEqual(state);
  expect(statSync(paths.stateFile).mode & 0o777).toBe(0o600);
});

test("no folder and an empty folder mean no localnet yet", () => {
  expect(readLocalnetState(paths)).toBeNull();
  mkdirSync(paths.folder);
  expect(readLocalnetState(paths)).toBeNull();
});

test.each([
  ["bad JSON", () => writeFileSync(paths.stateFile, "{")],
  ["a missing state file", () => rmSync(paths.stateFile)],
  ["a missing field", () => writeFileSync(paths.stateFile, '{"version":2}')],
  ["JSON of another kind", () => writeFileSync(paths.stateFile, "null")],
  ["a missing genesis", () => rmSync(join(paths.folder, "validator-0/config/genesis.json"))],
  [
    "a genesis cut short",
    () => writeFileSync(join(paths.folder, "validator-0/config/genesis.json"), '{"app'),
  ],
  ["a missing node folder", () => rmSync(join(paths.folder, "validator-0"), { recursive: true })],
])("%s is refused and left as it is", (_name, damage) => {
  writeGoodState();
  damage();
  expect(() => readLocalnetState(paths)).toThrow(
    expect.objectContaining({ code: "LOCALNET_STATE_CORRUPT" }),
  );
  expect(statSync(paths.folder).isDirectory()).toBe(true);
});

test("the state of another version is refused by its version, not by its form", () => {
  writeGoodState();
  const foreign = JSON.stringify({ version: 3, anything: true });
  writeFileSync(paths.stateFile, foreign);
  expect(() => readLocalnetState(paths)).toThrow(
    expect.objectContaining({ code: "LOCALNET_STATE_FOREIGN" }),
  );
  expect(readFileSync(paths.stateFile, "utf8")).toBe(foreign);
});
