/** Where everything of a localnet is reached: written at every start before any process, read by whoever joins. */
import { join } from "node:path";
import { kuboName } from "../kubo/kuboName.ts";
import type { Network } from "../networkFile.ts";
import type { LocalnetPaths } from "./localnetPaths.ts";
import type { LocalnetState } from "./localnetState.ts";
import { type LocalnetUrls, localnetUrls } from "./localnetUrls.ts";
import { storeAddress } from "./storeAddress.ts";

export type LocalnetNetwork = Network & LocalnetUrls;

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
