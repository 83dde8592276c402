/** `r3mes challenge`: trains the work of others again and files a case where it differs; plays it to its end. */
import { R3mesError } from "@r3mes/protocol";
import type { CommandContext } from "../commandContext.ts";
import type { ExitCode } from "../exitCodes.ts";
import { runRole } from "./runRole.ts";

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
  if (submission !== undefined && !/^\d{1,18}$/.test(submission)) {
    const reason = `${submission} is no number of a submission`;
    throw new R3mesError({ code: "USAGE_INVALID", reason });
  }
  return runRole(context, "challenge", folder, submission === undefined ? [] : [submission]);
}
