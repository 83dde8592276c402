/** Where a localnet keeps what. Everything that `--reset` deletes lies in `folder` and `logs`. */
import { join } from "node:path";

export type LocalnetPaths = ReturnType<typeof localnetPaths>;

export function localnetPaths(home: string) {
  const folder = join(home, "localnet");
  return {
    home,
    folder,
    /** Facts that hold as long as the chain does: identity, validators, ports. */
    stateFile: join(folder, "localnet.json"),
    /** Where everything of the running localnet is reached, for its own processes and for others. */
    networkFile: join(folder, "network.json"),
    /** What the founder has registered: numbers of model, datasets and pools by name. */
    foundingFile: join(folder, "founding.json"),
    /** The key that the private swarm of content stores shares. */
    swarmKeyFile: join(folder, "swarm.key"),
    /** What runs now, for `status` and `stop`, and for the next start after a crash. */
    runFile: join(home, "run.json"),
    lockFile: join(home, "localnet.lock"),
    /** Who adds a process to it. */
    addLockFile: join(folder, "add.lock"),
    /** A set-up that is not finished; whatever is found here is left from a killed one. */
    unfinished: join(home, "localnet.unfinished"),
    logs: join(home, "logs"),
  } as const;
}

/** The folder of one process within the localnet's folder. */
export function nodeHome(folder: string, name: string): string {
  return join(folder, name);
}
