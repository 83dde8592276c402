/** How a validator of the localnet is run, and when it counts as ready. */
import { nodeHome } from "../localnet/localnetPaths.ts";
import type { ValidatorState } from "../localnet/localnetState.ts";
import type { ProcessSpec } from "../localnet/processSpec.ts";
import { readNodeStatus } from "./readNodeStatus.ts";

/** A node on a slow machine opens its database and replays its last blocks before it answers. */
const readyWithinMs = 120_000;

export function validatorSpec(
  remesd: string,
  folder: string,
  logLevel: string,
  validator: ValidatorState,
  mayStart: NonNullable<ProcessSpec["mayStart"]>,
): ProcessSpec {
  const { name, ports } = validator;
  const home = nodeHome(folder, name);
  return {
    name,
    command: remesd,
    args: ["start", "--home", home, "--log_no_color", "--log_level", nodeLogLevel(logLevel)],
    ports,
    after: [],
    // A block is time for whoever has promised something: none is made before they are back, and none while they end.
    mayStart,
    stopsFirst: true,
    // Answering is not enough: the first block shows that this node and its peers agree.
    isReady: async (signal) => ((await readNodeStatus(validator, signal))?.height ?? 0) > 0,
    readyWithinMs,
    // What it signed is in a file of its own, so that it signs nothing twice; the others go on meanwhile.
    restarts: true,
  };
}

// The node's log library calls silence by another name.
function nodeLogLevel(level: string): string {
  return level === "silent" ? "disabled" : level;
}
