/** The network of other machines that a home folder has joined: written by `r3mes join`, read by every command that asks a network. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { writeWhole } from "@r3mes/service/command";
import { type Network, readNetworkFile, writeNetworkFile } from "../networkFile.ts";

/** Its file, and the swarm key beside it. */
export function joinedPaths(home: string) {
  return { file: join(home, "network.json"), swarmKeyFile: join(home, "swarm.key") } as const;
}

/**
 * Undefined where none was joined. The key is found beside the file, wherever the home was moved.
 *
 * @throws NETWORK_FILE_INVALID
 */
export function readJoined(home: string): Network | undefined {
  const { file, swarmKeyFile } = joinedPaths(home);
  if (!existsSync(file)) return undefined;
  const network = readNetworkFile(file);
  return { ...network, store: { ...network.store, swarmKeyFile } };
}

export function writeJoined(home: string, network: Network, swarmKey: string): void {
  const { file, swarmKeyFile } = joinedPaths(home);
  writeWhole(swarmKeyFile, swarmKey);
  writeNetworkFile(file, network);
}
