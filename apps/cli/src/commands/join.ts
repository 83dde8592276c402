/** `r3mes join`: names the network of other machines that this home folder belongs to, once a node of it has answered. */
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { connectRpc } from "@r3mes/chain-client";
import { readText } from "@r3mes/participant/process";
import { R3mesError } from "@r3mes/protocol";
import { systemClock } from "@r3mes/service/command";
import type { CommandContext } from "../commandContext.ts";
import { createProgress } from "../createProgress.ts";
import { type ExitCode, exitCodes } from "../exitCodes.ts";
import { homeOption } from "../findHome.ts";
import { localnetPaths } from "../localnet/localnetPaths.ts";
import { prepareHome } from "../localnet/prepareHome.ts";
import { joinedPaths, readJoined, writeJoined } from "../proof/joinedNetwork.ts";

export type JoinOptions = {
  readonly rpc: string;
  readonly swarmKey: string;
  readonly peer: readonly string[];
};

const peerForm = /^\/(?:ip4|ip6|dns|dns4|dns6)\/[^/\s]+\/tcp\/\d{1,5}(?:\/p2p\/\w+)?$/;
const swarmKeyForm = /^\/key\/swarm\/psk\/1\.0\.0\/\s+\/base16\/\s+[0-9a-f]{64}\s*$/;

const behind =
  "behind  the node still catches up with its network: until it has, what it answers is old";

export async function join(
  { host, home, json }: CommandContext,
  { rpc, swarmKey: named, peer: peers }: JoinOptions,
): Promise<ExitCode> {
  if (!/^https?:$/.test(URL.parse(rpc)?.protocol ?? "")) {
    throw usage(`--rpc is a URL as in http://node.example:26657, not ${rpc}`);
  }
  const wrong = peers.find((each) => !peerForm.test(each));
  if (wrong !== undefined) {
    throw usage(`--peer is an address as in /dns4/node.example/tcp/7461, not ${wrong}`);
  }
  const { folder } = localnetPaths(home);
  if (existsSync(folder)) throw new R3mesError({ code: "HOME_TAKEN", home, network: "a localnet" });
  const swarmKey = await readText(resolve(host.cwd, named));
  if (!swarmKeyForm.test(swarmKey)) throw usage(`${named} is not the key of a private swarm`);
  const progress = createProgress(host, json, systemClock);
  const { chainId, latestHeight, catchingUp } = await progress.during(
    `asking ${rpc}`,
    statusOf(rpc),
  );
  const { file, swarmKeyFile } = joinedPaths(home);
  const before = joinedBefore(home);
  if (before !== undefined && before !== chainId) {
    throw new R3mesError({ code: "HOME_TAKEN", home, network: before });
  }
  prepareHome(home);
  const network = { chainId, rpc, store: { swarmKeyFile, peers }, processes: [] };
  writeJoined(home, network, swarmKey);
  const lines = [
    `joined  ${chainId}, at height ${latestHeight} by ${rpc}`,
    `kept    ${file}`,
    ...(catchingUp ? [behind] : []),
    `next    npx r3mes init${homeOption(home, host)}`,
  ];
  const found = { chainId, height: String(latestHeight), catchingUp, rpc, peers, file };
  host.stdout.write(json ? `${JSON.stringify(found)}\n` : `${lines.join("\n")}\n`);
  return exitCodes.ok;
}

/** The chain of the network that was joined before, if its file can still be read: joining again writes it anew. */
function joinedBefore(home: string): string | undefined {
  try {
    return readJoined(home)?.chainId;
  } catch {
    return undefined;
  }
}

function usage(reason: string): R3mesError {
  return new R3mesError({ code: "USAGE_INVALID", reason });
}

/** @throws NODE_UNREACHABLE */
async function statusOf(url: string) {
  const rpc = await connectRpc(url);
  try {
    return await rpc.status();
  } finally {
    rpc.close();
  }
}
