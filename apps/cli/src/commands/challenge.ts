/**
 * `r3mes challenge`: trains the work of others again and files a case where it differs; plays it to its end. Of one submission it says
 * what was found, and where its case stands.
 */
import { join, resolve } from "node:path";
import { R3mesError } from "@r3mes/protocol";
import { readJournal } from "@r3mes/service/command";
import type { CommandContext } from "../commandContext.ts";
import { type ExitCode, exitCodes } from "../exitCodes.ts";
import type { Paint } from "../paint.ts";
import { runRole, usualFolders } from "./runRole.ts";

export type ChallengeOptions = { readonly watch?: boolean; readonly folder?: string };

export async function challenge(
  context: CommandContext,
  submission: string | undefined,
  { watch, folder }: ChallengeOptions,
): Promise<ExitCode> {
  if ((submission === undefined) !== (watch === true)) {
    throw new R3mesError({
      code: "USAGE_INVALID",
      reason: "Either the number of a submission or --watch is needed",
    });
  }
  if (submission === undefined) return runRole(context, "challenge", folder);
  if (!/^\d{1,18}$/.test(submission)) {
    const reason = `${submission} is no number of a submission`;
    throw new R3mesError({ code: "USAGE_INVALID", reason });
  }
  return challengeOne(context, String(BigInt(submission)), folder);
}

/** Exit code 0 if it is equal, 1 if it differs or was not looked at to its end. */
async function challengeOne(
  context: CommandContext,
  submission: string,
  named: string | undefined,
): Promise<ExitCode> {
  const { host, home, json } = context;
  // Of a script standard output is for what was found; the log is progress.
  const told = json ? { ...context, host: { ...host, stdout: host.stderr } } : context;
  await runRole(told, "challenge", named, [submission]);
  const folder = resolve(host.cwd, named ?? join(home, usualFolders.challenge));
  const { findCheck } = await import("@r3mes/participant");
  const found = findCheck(await readJournal(join(folder, "journal")), submission);
  const unknown = { submission, equal: null, differs: null, case: null, outcome: null };
  host.stdout.write(
    json
      ? `${JSON.stringify(found ?? unknown)}\n`
      : `submission ${submission}  ${describe(found, host.paint)}\n`,
  );
  return found?.equal ? exitCodes.ok : exitCodes.failed;
}

type Found = {
  readonly equal: boolean;
  readonly differs: string | null;
  readonly case: string | null;
  readonly outcome: string | null;
};

function describe(found: Found | undefined, { green, red, yellow }: Paint): string {
  if (found === undefined) return yellow("not looked at yet");
  if (found.equal) return green("equal");
  const ended = found.case === null ? "" : `, case ${found.case} ended: ${found.outcome}`;
  return `${red("different")} in its ${found.differs}${ended}`;
}
