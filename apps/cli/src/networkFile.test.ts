import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { type Network, readNetworkFile, writeNetworkFile } from "./networkFile.ts";

const network: Network = {
  chainId: "remestest-1",
  rpc: "http://[::1]:26657",
  store: { swarmKeyFile: "/home/ö/swarm.key", peers: ["/ip6/::1/tcp/7461"] },
  processes: [],
};

function fresh(): string {
  const folder = mkdtempSync(join(tmpdir(), "r3mes-network-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return join(folder, "network.json");
}

test("what is written is read again", () => {
  const path = fresh();
  writeNetworkFile(path, network);
  expect(readNetworkFile(path)).toEqual(network);
});

test.each([
  ["not JSON", "{", "it is not JSON"],
  ["no object", "[1]", "it holds no object"],
  [
    "of another version",
    JSON.stringify({ version: 2 }),
    "version is 2; this r3mes reads version 1",
  ],
  ["of no version", JSON.stringify(network), "version is undefined"],
  ["without a node", changed({ rpc: undefined }), "rpc: "],
  ["of a node without a scheme", changed({ rpc: "node.example:26657" }), "rpc: "],
  ["with a word that nobody reads", changed({ rcp: "x" }), 'Unrecognized key: "rcp"'],
  ["with a store without peers", changed({ store: { swarmKeyFile: "k" } }), "store.peers: "],
] as const)(
  "a file that is %s is refused by its path, and stays as it is",
  (_name, text, reason) => {
    const path = fresh();
    writeFileSync(path, text);
    expect(() => readNetworkFile(path)).toThrow(
      expect.objectContaining({
        code: "NETWORK_FILE_INVALID",
        facts: { path, reason: expect.stringContaining(reason) },
      }),
    );
    expect(readFileSync(path, "utf8")).toBe(text);
  },
);

test("a file that is not there is told so", () => {
  const path = fresh();
  expect(() => readNetworkFile(path)).toThrow(
    expect.objectContaining({ code: "NETWORK_FILE_INVALID", facts: { path, reason: "ENOENT" } }),
  );
});

function changed(by: object): string {
  return JSON.stringify({ version: 1, ...network, ...by });
}
