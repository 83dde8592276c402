/** The network of other machines that a home folder has joined: written by `r3mes join`, read by every command that asks a network. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { writeWhole } from "@r3mes/service/command";
import type { LocalnetNetwork } from "../localnet/localnetNetwork.ts";

/** What of a network is known wherever its machines stand. */
export type Network = Pick<LocalnetNetwork, "chainId" | "rpc" | "store" | "processes">;

/** Its file, and the swarm key beside it. */
export function joinedPaths(home: string) {
  return { file: join(home, "network.json"), swarmKeyFile: join(home, "swarm.key") } as const;
}

/** Undefined where none was joined. The key is found beside the file, wherever the home was moved. */
export function readJoined(home: string): Network | undefined {
  const { file, swarmKeyFile } = joinedPaths(home);
  if (!existsSync(file)) return undefined;
  const network = JSON.parse(readFileSync(file, "utf8")) as Network;
  return { ...network, store: { ...network.store, swarmKeyFile } };
}

export function writeJoined(home: string, network: Network, swarmKey: string): void {
  const { file, swarmKeyFile } = joinedPaths(home);
  writeWhole(swarmKeyFile, swarmKey);
  writeWhole(file, `${JSON.stringify({ version: 1, ...network }, null, 2)}\n`);
}
