import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { localnetPaths } from "../localnet/localnetPaths.ts";
import { writeNetworkFile } from "../networkFile.ts";
import { writeJoined } from "./joinedNetwork.ts";
import { openChain, readNetwork } from "./openChain.ts";

function freshHome(): string {
  const home = mkdtempSync(join(tmpdir(), "r3mes-home-"));
  onTestFinished(() => rmSync(home, { recursive: true }));
  return home;
}

/** What a localnet leaves behind that was stopped: nothing listens at port 1. */
function stoppedHome(): string {
  const home = freshHome();
  const { networkFile } = localnetPaths(home);
  mkdirSync(dirname(networkFile), { recursive: true });
  const store = { swarmKeyFile: join(home, "localnet/swarm.key"), peers: [] };
  const rpc = "http://127.0.0.1:1";
  writeNetworkFile(networkFile, { chainId: "remesdev-1", rpc, store, processes: [] });
  return home;
}

test("a localnet that was stopped is said not to run", async () => {
  const home = stoppedHome();
  await expect(openChain(home)).rejects.toMatchObject({
    code: "LOCALNET_NOT_RUNNING",
    facts: { home },
  });
});

test("a home without a network is told so, and a joined network's node by its address", async () => {
  const home = freshHome();
  await expect(openChain(home)).rejects.toMatchObject({
    code: "NETWORK_NOT_NAMED",
    facts: { home },
  });
  const store = { swarmKeyFile: join(home, "swarm.key"), peers: [] };
  const network = { chainId: "remestest-1", rpc: "http://127.0.0.1:1", store, processes: [] };
  writeJoined(home, network, "a key");
  expect(readNetwork(home)).toMatchObject(network);
  await expect(openChain(home)).rejects.toMatchObject({ code: "NODE_UNREACHABLE" });
});
