/** `r3mes completion <shell>`: a script that teaches a shell the commands as they are now. */
import { R3mesError } from "@r3mes/protocol";
import { nearestName } from "@r3mes/service/command";
import type { Command } from "commander";
import type { CommandContext } from "../commandContext.ts";
import { bashCompletion } from "../completion/bashCompletion.ts";
import { commandTree } from "../completion/commandTree.ts";
import { fishCompletion } from "../completion/fishCompletion.ts";
import { zshCompletion } from "../completion/zshCompletion.ts";
import { type ExitCode, exitCodes } from "../exitCodes.ts";

const writers = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion };

export async function completion(
  { host, json }: CommandContext,
  program: Command,
  shell: string,
): Promise<ExitCode> {
  if (!isKnown(shell)) {
    const known = Object.keys(writers);
    const reason = `Completion is for ${known.join(", ")}, not for ${shell}`;
    throw new R3mesError({ code: "USAGE_INVALID", reason, nearest: nearestName(shell, known) });
  }
  const script = writers[shell](commandTree(program));
  host.stdout.write(json ? `${JSON.stringify({ shell, script })}\n` : script);
  return exitCodes.ok;
}

function isKnown(shell: string): shell is keyof typeof writers {
  return Object.hasOwn(writers, shell);
}
