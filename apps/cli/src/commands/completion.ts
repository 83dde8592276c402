/** `r3mes completion <shell>`: a script that teaches a shell the commands as they are now. */
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
  shell: keyof typeof writers,
): Promise<ExitCode> {
  const script = writers[shell](commandTree(program));
  host.stdout.write(json ? `${JSON.stringify({ shell, script })}\n` : script);
  return exitCodes.ok;
}
