/**
 * The repository of a Kubo that is private to this machine: it listens on the loopback, knows no bootstrap node, no DHT, no gateway
 * and no discovery, and speaks only to holders of the swarm's key.
 */
import { execFileSync } from "node:child_process";
import { copyFileSync, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { R3mesError } from "@r3mes/protocol";
import { writeWhole } from "@r3mes/service/command";
import { storeAddress } from "../localnet/storeAddress.ts";

export interface KuboPlan {
  /** The program. */
  readonly ipfs: string;
  /** Becomes its repository. */
  readonly folder: string;
  readonly ports: { readonly rpc: number; readonly swarm: number };
  readonly swarmKeyFile: string;
}

/** Makes the repository once, and writes its settings anew. */
export function prepareKubo({ ipfs, folder, ports, swarmKeyFile }: KuboPlan): void {
  const configFile = join(folder, "config");
  if (!existsSync(configFile)) {
    try {
      execFileSync(ipfs, ["init", "--empty-repo"], { env: kuboEnvironment(folder), stdio: "pipe" });
    } catch (error) {
      const reason = String((error as { readonly stderr?: unknown }).stderr ?? error).trim();
      throw new R3mesError({ code: "KUBO_NOT_PREPARED", folder, reason }, { cause: error });
    }
  }
  copyFileSync(swarmKeyFile, join(folder, "swarm.key"));
  const { Identity, Datastore } = JSON.parse(readFileSync(configFile, "utf8"));
  const config = { Identity, Datastore, ...settingsOf(ports) };
  writeWhole(configFile, `${JSON.stringify(config, null, 2)}\n`);
}

/** What its commands and its daemon need in their environment. */
export function kuboEnvironment(folder: string): NodeJS.ProcessEnv {
  return {
    ...process.env,
    IPFS_PATH: folder,
    IPFS_TELEMETRY: "off",
    // It must not even start without the swarm's key.
    LIBP2P_FORCE_PNET: "1",
  };
}

export const daemonArguments = ["daemon", "--migrate=false"] as const;

function settingsOf({ rpc, swarm }: KuboPlan["ports"]) {
  return {
    Addresses: { API: storeAddress(rpc), Gateway: [], Swarm: [storeAddress(swarm)] },
    AutoConf: { Enabled: false },
    AutoTLS: { Enabled: false },
    Bootstrap: [],
    Discovery: { MDNS: { Enabled: false } },
    DNS: { Resolvers: {} },
    Ipns: { DelegatedPublishers: [] },
    Plugins: { Plugins: { telemetry: { Disabled: true } } },
    Provide: { Enabled: false },
    Routing: { Type: "none", DelegatedRouters: [] },
    Swarm: {
      DisableNatPortMap: true,
      RelayClient: { Enabled: false },
      RelayService: { Enabled: false },
      Transports: {
        Network: {
          QUIC: false,
          Relay: false,
          WebRTCDirect: false,
          WebTransport: false,
          Websocket: false,
        },
      },
    },
    Version: { SwarmCheckEnabled: false },
  };
}
