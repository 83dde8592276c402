/** The settings of a participant, as its own process knows them: an app never imports another. */
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { showSettings } from "@r3mes/participant/process";
import type { ConfigRow } from "@r3mes/service";
import { participantEnv } from "../processes/participantSpec.ts";
import { repository } from "../repository.ts";
import { failureIn } from "./failureIn.ts";
import { type Role, roleMains } from "./roleOf.ts";

/** Fails as the process does. */
export async function readRoleSettings(role: Role, folder: string): Promise<readonly ConfigRow[]> {
  const argv = [join(repository, roleMains[role]), folder, showSettings];
  const options = { env: participantEnv(process.env) };
  try {
    const { stdout } = await promisify(execFile)(process.execPath, argv, options);
    return JSON.parse(stdout);
  } catch (error) {
    const { stderr = "" } = error as { readonly stderr?: string };
    throw stderr.split("\n").map(failureIn).find(Boolean) ?? error;
  }
}
