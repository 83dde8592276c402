/** Where the model lies that a command names. */
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { MODEL_MANIFEST_FILE } from "@r3mes/models";
import { GENESIS_FOLDER } from "@r3mes/models/node";
import { R3mesError } from "@r3mes/protocol";
import type { CommandContext } from "../commandContext.ts";

export function modelsFolder(home: string): string {
  return join(home, "models");
}

/**
 * `genesis`, the name of an imported model, or a folder.
 *
 * @throws MODEL_UNKNOWN
 */
export function findModelFolder(name: string, { home, host }: CommandContext): string {
  if (name === "genesis") return GENESIS_FOLDER;
  const candidates = [join(modelsFolder(home), name), resolve(host.cwd, name)];
  const found = candidates.find((folder) => existsSync(join(folder, MODEL_MANIFEST_FILE)));
  if (found === undefined) throw new R3mesError({ code: "MODEL_UNKNOWN", model: name });
  return found;
}
