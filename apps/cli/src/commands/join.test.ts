import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join as path } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createPaint } from "../paint.ts";
import { joinedPaths } from "../proof/joinedNetwork.ts";
import { join } from "./join.ts";

const swarmKey = `/key/swarm/psk/1.0.0/\n/base16/\n${"ab".repeat(32)}\n`;
/** Nothing listens there. */
const rpc = "http://127.0.0.1:1";
const peer = ["/ip4/127.0.0.1/tcp/7461"];

let folder = "";
let home = "";
let said = "";
beforeEach(() => {
  folder = mkdtempSync(path(tmpdir(), "r3mes-join-"));
  home = path(folder, "home");
  writeFileSync(path(folder, "swarm.key"), swarmKey);
});
afterEach(() => rmSync(folder, { recursive: true }));

function joinWith(options: Partial<Parameters<typeof join>[1]>, json = false): Promise<unknown> {
  said = "";
  const paint = createPaint({}, {});
  const stream = { write: () => {} };
  const stdout = {
    write: (text: string) => {
      said += text;
    },
  };
  const streams = { stdin: {}, stdout, stderr: stream };
  const host = { ...streams, env: {}, cwd: folder, paint, errorPaint: paint };
  return join({ host, home, json }, { rpc, swarmKey: "swarm.key", peer, ...options });
}

test.each([
  { rpc: "node.example:26657" },
  { rpc: "tcp://127.0.0.1:26657" },
  { peer: ["127.0.0.1:7461"] },
  { peer: [...peer, "/ip4/127.0.0.1"] },
])("an address of another form is refused before anything is asked: %o", async (options) => {
  await expect(joinWith(options)).rejects.toMatchObject({ code: "USAGE_INVALID" });
});

test("a swarm key that is not there or is none is refused", async () => {
  await expect(joinWith({ swarmKey: "none" })).rejects.toMatchObject({ code: "FILE_UNREADABLE" });
  writeFileSync(path(folder, "swarm.key"), swarmKey.replace("ab", "x"));
  await expect(joinWith({})).rejects.toMatchObject({ code: "USAGE_INVALID" });
});

test("a node that does not answer is told, and nothing is written", async () => {
  await expect(joinWith({})).rejects.toMatchObject({ code: "NODE_UNREACHABLE" });
  expect(existsSync(joinedPaths(home).file)).toBe(false);
});

test("the home of a localnet joins no other network", async () => {
  mkdirSync(path(home, "localnet"), { recursive: true });
  await expect(joinWith({})).rejects.toMatchObject({ code: "HOME_TAKEN" });
});

const hash = "3C".repeat(32);
const time = "2026-11-27T13:00:00.000000001Z";
/** What CometBFT 0.38 answers to `status`. */
const statusWith = (catchingUp: boolean) => ({
  node_info: {
    ...{ id: "aa", listen_addr: "tcp://127.0.0.1:1", network: "remestest-1", version: "0.38.0" },
    ...{ channels: "40", moniker: "validator", other: { tx_index: "on", rpc_address: "" } },
    protocol_version: { p2p: "8", block: "11", app: "0" },
  },
  sync_info: {
    ...{ latest_block_hash: hash, latest_app_hash: hash, latest_block_height: "7" },
    ...{ latest_block_time: time, catching_up: catchingUp, earliest_block_time: time },
    ...{ earliest_block_hash: hash, earliest_app_hash: hash, earliest_block_height: "1" },
  },
  validator_info: {
    address: "3C".repeat(20),
    pub_key: { type: "tendermint/PubKeyEd25519", value: Buffer.alloc(32).toString("base64") },
    voting_power: "1",
  },
});

test.each([true, false])("whether the node still catches up is told: %o", async (catchingUp) => {
  const node = createServer(async (request, response) => {
    const { id } = JSON.parse(Buffer.concat(await request.toArray()).toString());
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ jsonrpc: "2.0", id, result: statusWith(catchingUp) }));
  });
  await new Promise<void>((resolve) => node.listen(0, "127.0.0.1", resolve));
  const own = { rpc: `http://127.0.0.1:${(node.address() as AddressInfo).port}` };
  try {
    await joinWith(own);
    expect(said.split("\n").map((line) => line.split(" ")[0])).toEqual(
      catchingUp ? ["joined", "kept", "behind", "next", ""] : ["joined", "kept", "next", ""],
    );
    await joinWith(own, true);
    expect(JSON.parse(said)).toMatchObject({ chainId: "remestest-1", height: "7", catchingUp });
  } finally {
    node.close();
  }
});
