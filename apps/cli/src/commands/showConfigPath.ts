/** `r3mes config path`: where the configuration file is, or would be. */
import { existsSync } from "node:fs";
import type { CommandContext } from "../commandContext.ts";
import { type ExitCode, exitCodes } from "../exitCodes.ts";
import { configPath } from "../settings.ts";

export async function showConfigPath({ host, home, json }: CommandContext): Promise<ExitCode> {
  const path = configPath(home);
  const exists = existsSync(path);
  host.stdout.write(json ? `${JSON.stringify({ path, exists })}\n` : `${path}\n`);
  return exitCodes.ok;
}
