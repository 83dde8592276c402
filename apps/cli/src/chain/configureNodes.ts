/**
 * Writes the ports, peers and pace of a localnet into its nodes' configuration files, before every
 * start. Every server binds the loopback: a localnet must never be reachable from outside.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { R3mesError } from "@r3mes/protocol";
import { writeWhole } from "@r3mes/service/command";
import { editToml, type TomlEdits } from "../localnet/editToml.ts";
import { nodeHome } from "../localnet/localnetPaths.ts";
import type { LocalnetState, ValidatorState } from "../localnet/localnetState.ts";

export function configureNodes(folder: string, state: LocalnetState, blockTimeMs: number): void {
  for (const validator of state.validators) {
    const config = join(nodeHome(folder, validator.name), "config");
    edit(join(config, "config.toml"), cometEdits(state, validator, blockTimeMs));
    edit(join(config, "app.toml"), appEdits(validator));
    edit(join(config, "client.toml"), clientEdits(state, validator));
  }
}

function cometEdits(
  { validators }: LocalnetState,
  { name, ports }: ValidatorState,
  blockTimeMs: number,
): TomlEdits {
  const others = validators.filter((other) => other.name !== name);
  const peers = others.map((other) => `${other.nodeId}@127.0.0.1:${other.ports.p2p}`);
  return {
    "rpc.laddr": `tcp://127.0.0.1:${ports.rpc}`,
    "rpc.pprof_laddr": "",
    "p2p.laddr": `tcp://127.0.0.1:${ports.p2p}`,
    "p2p.persistent_peers": peers.join(","),
    // All peers share one address, and nobody else may be met.
    "p2p.addr_book_strict": false,
    "p2p.allow_duplicate_ip": true,
    "p2p.pex": false,
    "consensus.timeout_commit": `${blockTimeMs}ms`,
  };
}

function appEdits({ ports }: ValidatorState): TomlEdits {
  return {
    "api.enable": true,
    "api.address": `tcp://127.0.0.1:${ports.rest}`,
    "grpc.enable": true,
    "grpc.address": `127.0.0.1:${ports.grpc}`,
  };
}

function clientEdits({ chainId }: LocalnetState, { ports }: ValidatorState): TomlEdits {
  return {
    "chain-id": chainId,
    "keyring-backend": "test",
    node: `tcp://127.0.0.1:${ports.rpc}`,
  };
}

function edit(path: string, edits: TomlEdits): void {
  const text = readFileSync(path, "utf8");
  try {
    writeWhole(path, editToml(text, edits));
  } catch (error) {
    if (error instanceof R3mesError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new R3mesError({ code: "LOCALNET_STATE_CORRUPT", path, reason }, { cause: error });
  }
}
