/** `r3mes mine`, `verify` and `challenge`: runs the process of a role in its folder, with a view for people. */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { settingsFile } from "@r3mes/participant/process";
import { R3mesError } from "@r3mes/protocol";
import type { CommandContext } from "../commandContext.ts";
import { type ExitCode, exitCodes } from "../exitCodes.ts";
import { leanHeap } from "../processes/leanHeap.ts";
import { participantEnv } from "../processes/participantSpec.ts";
import { repository } from "../repository.ts";
import { createRoleView } from "../roles/createRoleView.ts";
import { failureIn } from "../roles/failureIn.ts";
import { type Role, roleMains, roleOf } from "../roles/roleOf.ts";

/** Where `init` puts a role, in the home folder. */
export const usualFolders = { mine: "miner", verify: "verifier", challenge: "challenger" } as const;

/** With `--json` the process's own lines pass through. Ends when the process ends, and fails as it fails. */
export async function runRole(
  { host, home, json }: CommandContext,
  role: Role,
  named: string | undefined,
  args: readonly string[] = [],
): Promise<ExitCode> {
  const folder = resolve(host.cwd, named ?? join(home, usualFolders[role]));
  if (!existsSync(join(folder, settingsFile))) {
    throw new R3mesError({ code: "PARTICIPANT_NOT_SET_UP", folder, role: usualFolders[role] });
  }
  requireRole(role, folder);
  const child = spawn(
    process.execPath,
    [...leanHeap, join(repository, roleMains[role]), folder, ...args],
    {
      stdio: ["ignore", "pipe", "pipe"],
      env: participantEnv(process.env),
    },
  );
  // A terminal sends Ctrl-C to both; whoever signals this process alone means the other as well.
  let asked = false;
  const pass = (signal: NodeJS.Signals) => {
    asked = true;
    child.kill(signal);
  };
  for (const signal of signals) process.on(signal, pass);
  if (!json) {
    host.stdout.write(`starting a ${usualFolders[role]} in ${folder}; Ctrl-C stops it\n`);
  }
  const view = json
    ? { line: (line: string) => void host.stdout.write(`${line}\n`), close: () => {} }
    : createRoleView(host);
  createInterface({ input: child.stdout }).on("line", view.line);
  let failure: R3mesError | undefined;
  createInterface({ input: child.stderr }).on("line", (line) => {
    const said = failureIn(line);
    if (said === undefined) host.stderr.write(`${line}\n`);
    failure = said ?? failure;
  });
  const [code, killedBy] = await new Promise<Ending>((ended) =>
    child.once("close", (...ending) => ended(ending)),
  );
  for (const signal of signals) process.off(signal, pass);
  view.close();
  if (failure !== undefined) throw failure;
  // Before it listens to a signal, it ends by it: it has promised nothing yet.
  if (code === 0 || (asked && killedBy !== null)) {
    if (asked && !json) host.stdout.write("stopped; the same command resumes\n");
    return exitCodes.ok;
  }
  const ending = killedBy ?? `exit status ${code}`;
  throw new R3mesError({ code: "PARTICIPANT_ENDED", role: usualFolders[role], ending });
}

type Ending = readonly [code: number | null, killedBy: NodeJS.Signals | null];

const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

function requireRole(role: Role, folder: string): void {
  const actual = roleOf(folder);
  if (actual === undefined || actual === role) return;
  throw new R3mesError({
    ...{ code: "PARTICIPANT_OTHER_ROLE", folder },
    ...{ role: usualFolders[role], actual: usualFolders[actual] },
  });
}
