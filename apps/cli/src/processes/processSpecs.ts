/** The specs of all processes of a localnet but its validators, each configured for this start. */
import { join } from "node:path";
import { R3mesError } from "@r3mes/protocol";
import { makeFolder } from "@r3mes/service/command";
import type { LocalnetPaths } from "../localnet/localnetPaths.ts";
import type { ProcessState } from "../localnet/localnetState.ts";
import type { ProcessSpec } from "../localnet/processSpec.ts";
import { isAdded } from "./planProcesses.ts";
import type { Launch } from "./processKind.ts";
import { kindOf } from "./processKinds.ts";

export function processSpec(
  paths: LocalnetPaths,
  { name, kind, ports }: ProcessState,
  launch: Launch,
): ProcessSpec {
  const found = kindOf(kind);
  if (found === undefined) {
    const reason = `process ${name} is of the unknown kind ${kind}`;
    throw new R3mesError({ code: "LOCALNET_STATE_CORRUPT", path: paths.stateFile, reason });
  }
  const own = { name, folder: join(paths.folder, name), ports };
  makeFolder(own.folder);
  found.configure(own, launch);
  return { name, ports, ...found.toSpec(own, launch), endsAlone: isAdded({ name, kind }) };
}
