/** A Kubo that keeps the content of every process of the localnet; only a localnet with `--storage kubo` has one. */
import { assert } from "@r3mes/protocol";
import { daemonArguments, kuboEnvironment, prepareKubo } from "../kubo/prepareKubo.ts";
import { withoutSettings } from "./participantSpec.ts";
import type { ProcessKind } from "./processKind.ts";

const readyWithinMs = 120_000;

export const kuboProcess: ProcessKind = {
  count: 1,
  ports: () => ({ http: 7390, store: 7490 }),
  hasKey: false,
  configure({ folder, ports }, { ipfs, network }) {
    assert(ipfs !== undefined && ports.store !== undefined, "whoever plans a Kubo has found one");
    prepareKubo({
      ipfs,
      folder,
      ports: { rpc: ports.http, swarm: ports.store },
      swarmKeyFile: network.store.swarmKeyFile,
    });
  },
  toSpec({ folder, ports }, { ipfs }) {
    assert(ipfs !== undefined, "whoever plans a Kubo has found one");
    return {
      command: ipfs,
      args: daemonArguments,
      env: { ...kuboEnvironment(folder), ...withoutSettings(process.env) },
      after: [],
      isReady: (signal) => answers(ports.http, signal),
      readyWithinMs,
      restarts: true,
    };
  },
};

async function answers(port: number, signal: AbortSignal): Promise<boolean> {
  const url = `http://127.0.0.1:${port}/api/v0/id`;
  return (await fetch(url, { method: "POST", signal })).ok;
}
