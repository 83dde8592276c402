/** The dashboard of the localnet: the one address that a person opens. Its pages come up without the API and say that it is away. */
import { join } from "node:path";
import { settingsFile } from "@r3mes/participant/process";
import { writeWhole } from "@r3mes/service/command";
import { stringify } from "smol-toml";
import { repository } from "../repository.ts";
import { isReady, withoutSettings } from "./participantSpec.ts";
import type { ProcessKind } from "./processKind.ts";

const main = join(repository, "apps/dashboard/src/server/main.ts");
const localKeyFile = "local.key";
const readyWithinMs = 60_000;

export const dashboardProcess: ProcessKind = {
  count: 1,
  ports: () => ({ http: 3000 }),
  hasKey: false,
  configure({ folder, ports }, { network, logLevel }) {
    const api = network.processes.find(({ kind }) => kind === "api");
    const settings = {
      log: { level: logLevel },
      http: { port: ports.http },
      ...(api === undefined
        ? {}
        : { api: { url: api.http, localKeyFile: join(api.folder, localKeyFile) } }),
    };
    writeWhole(join(folder, settingsFile), stringify(settings));
  },
  toSpec: ({ folder, ports }) => ({
    command: process.execPath,
    args: [main, folder],
    env: withoutSettings(process.env),
    after: [],
    isReady: (signal) => isReady(ports.http, signal),
    readyWithinMs,
    restarts: true,
  }),
};
