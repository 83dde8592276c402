/** `r3mes config show`: every setting of the project or of a participant with its value, and where each value came from. */
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { settingsFile } from "@r3mes/participant/process";
import { R3mesError } from "@r3mes/protocol";
import { type ConfigRow, describeConfig } from "@r3mes/service";
import type { CommandContext } from "../commandContext.ts";
import { type ExitCode, exitCodes } from "../exitCodes.ts";
import { readRoleSettings } from "../roles/readRoleSettings.ts";
import { roleOf } from "../roles/roleOf.ts";
import { configPath, loadSettings } from "../settings.ts";

export async function configShow(
  { host, home, json }: CommandContext,
  named: string | undefined,
  options: { readonly origin?: boolean },
): Promise<ExitCode> {
  const folder = named === undefined ? undefined : resolve(host.cwd, named);
  const file = folder === undefined ? configPath(home) : join(folder, settingsFile);
  const rows =
    folder === undefined
      ? describeConfig(loadSettings(home, host.env))
      : await rowsOfRole(folder, file);
  if (json) {
    const settings = options.origin
      ? rows
      : rows.map(({ key, value, description }) => ({ key, value, description }));
    host.stdout.write(`${JSON.stringify({ file, settings })}\n`);
    return exitCodes.ok;
  }
  const keyWidth = Math.max(...rows.map(({ key }) => key.length));
  const valueWidth = Math.max(...rows.map((row) => showValue(row).length));
  for (const row of rows) {
    const value = showValue(row).padEnd(options.origin ? valueWidth : 0);
    const origin = options.origin ? `  ${host.paint.dim(row.origin)}` : "";
    host.stdout.write(`${row.key.padEnd(keyWidth)}  ${value}${origin}\n`);
    if (!options.origin) host.stdout.write(`${host.paint.dim(`  ${row.description}`)}\n`);
  }
  return exitCodes.ok;
}

async function rowsOfRole(folder: string, file: string): Promise<readonly ConfigRow[]> {
  const role = roleOf(folder);
  if (role === undefined) {
    const reason = existsSync(file)
      ? "it holds no settings of a miner, a verifier or a challenger"
      : "there is no such file";
    throw new R3mesError({ code: "FILE_UNREADABLE", path: file, reason });
  }
  return readRoleSettings(role, folder);
}

function showValue({ value }: ConfigRow): string {
  if (value === null) return "not set";
  return Array.isArray(value) ? value.join(", ") : String(value);
}
