/** The API of the localnet: models for OpenAI's clients, keys, and the chain's history. Its faucet pays with the founder's key. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { settingsFile } from "@r3mes/participant/process";
import { writeWhole } from "@r3mes/service/command";
import { stringify } from "smol-toml";
import { repository } from "../repository.ts";
import { founderName } from "./founderProcess.ts";
import { keyPaths, storeSettings } from "./participantFiles.ts";
import { isReady, withoutSettings } from "./participantSpec.ts";
import type { ProcessKind } from "./processKind.ts";

const main = join(repository, "apps/api/src/main.ts");

/** A new database and a cold model take their time on a busy machine. */
const readyWithinMs = 300_000;

/** What a wallet that signs in may ask at once. */
const welcomeCredits = 1_000_000;
const cooldownS = 60;

/** Open where there is a founder: its key lies on this machine anyway. */
function faucetOf(founder: string): { readonly faucet?: object } {
  const { key: keyFile, password: passwordFile } = keyPaths(founder);
  return existsSync(keyFile) ? { faucet: { keyFile, passwordFile, cooldownS } } : {};
}

export const apiProcess: ProcessKind = {
  count: 1,
  ports: () => ({ http: 8080, store: 7480 }),
  hasKey: false,
  configure({ folder, ports }, { network, logLevel }) {
    const settings = {
      log: { level: logLevel },
      http: { port: ports.http },
      chain: { rpc: network.rpc },
      wallet: { rpc: network.rpc, rest: network.rest },
      accounts: { domain: "127.0.0.1", welcomeCredits },
      ...faucetOf(join(folder, "..", founderName)),
      store: storeSettings(ports.store, network),
    };
    writeWhole(join(folder, settingsFile), stringify(settings));
  },
  toSpec: ({ folder, ports }, { validators }) => ({
    command: process.execPath,
    args: [main, folder],
    env: withoutSettings(process.env),
    after: validators,
    isReady: (signal) => isReady(ports.http, signal),
    readyWithinMs,
    restarts: true,
  }),
};
