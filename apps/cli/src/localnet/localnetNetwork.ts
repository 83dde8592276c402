/** Where everything of a localnet is reached: written at every start before any process, read by whoever joins. */
import { join } from "node:path";
import { writeWhole } from "@r3mes/service/command";
import { kuboName } from "../kubo/kuboName.ts";
import type { LocalnetPaths } from "./localnetPaths.ts";
import type { LocalnetState } from "./localnetState.ts";
import { localnetUrls } from "./localnetUrls.ts";
import { storeAddress } from "./storeAddress.ts";

export type LocalnetNetwork = {
  readonly version: 1;
  readonly chainId: string;
  /** Of the first validator. */
  readonly rpc: string;
  readonly rest: string;
  readonly grpc: string;
  readonly store: {
    readonly swarmKeyFile: string;
    /** Multiaddrs of all content stores. */
    readonly peers: readonly string[];
    /** RPC address of the Kubo that keeps the content of all processes, if there is one. */
    readonly kubo?: string;
  };
  readonly processes: readonly {
    readonly name: string;
    readonly kind: string;
    readonly address?: string;
    /** Health, metrics and status. */
    readonly http: string;
    readonly folder: string;
  }[];
};

export function describeNetwork(paths: LocalnetPaths, state: LocalnetState): LocalnetNetwork {
  const kubo = state.processes.find(({ kind }) => kind === kuboName);
  // What is kept in a Kubo is offered by it alone.
  const stores = kubo === undefined ? state.processes : [kubo];
  const processes = state.processes.map(({ name, kind, address, ports }) => ({
    name,
    kind,
    ...(address === undefined ? {} : { address }),
    http: `http://127.0.0.1:${ports.http}`,
    folder: join(paths.folder, name),
  }));
  return {
    version: 1,
    chainId: state.chainId,
    ...localnetUrls(state),
    store: {
      swarmKeyFile: paths.swarmKeyFile,
      peers: stores.flatMap(({ ports }) =>
        ports.store === undefined ? [] : [storeAddress(ports.store)],
      ),
      ...(kubo === undefined ? {} : { kubo: `http://127.0.0.1:${kubo.ports.http}` }),
    },
    processes,
  };
}

export function writeNetwork(paths: LocalnetPaths, network: LocalnetNetwork): void {
  writeWhole(paths.networkFile, `${JSON.stringify(network, null, 2)}\n`);
}
