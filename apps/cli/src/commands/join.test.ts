import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
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
beforeEach(() => {
  folder = mkdtempSync(path(tmpdir(), "r3mes-join-"));
  home = path(folder, "home");
  writeFileSync(path(folder, "swarm.key"), swarmKey);
});
afterEach(() => rmSync(folder, { recursive: true }));

function joinWith(options: Partial<Parameters<typeof join>[1]>): Promise<unknown> {
  const paint = createPaint({}, {});
  const stream = { write: () => {} };
  const streams = { stdin: {}, stdout: stream, stderr: stream };
  const host = { ...streams, env: {}, cwd: folder, paint, errorPaint: paint };
  return join({ host, home, json: false }, { rpc, swarmKey: "swarm.key", peer, ...options });
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
  await expect(joinWith({})).rejects.toMatchObject({ code: "FOLDER_OCCUPIED" });
});
