/** Whether all are back who may have promised something in a former run of a localnet: with their journals open, waiting for a node. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { healthPaths } from "@r3mes/service/command";
import type { LocalnetPaths } from "../localnet/localnetPaths.ts";
import type { LocalnetState } from "../localnet/localnetState.ts";
import { isReady } from "./participantSpec.ts";

export function createRollCall(
  { folder }: Pick<LocalnetPaths, "folder">,
  { processes }: Pick<LocalnetState, "processes">,
): (signal: AbortSignal) => Promise<boolean> {
  // Only who takes part has a journal, and in the first run of a chain nobody has.
  const expected = processes.filter(({ name }) => existsSync(join(folder, name, "journal")));
  return async (signal) => {
    const answers = expected.map(({ ports }) => isReady(ports.http, signal, healthPaths.live));
    return (await Promise.all(answers)).every((isThere) => isThere);
  };
}
