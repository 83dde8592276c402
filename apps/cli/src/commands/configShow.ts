/** `r3mes config show`: every setting with its value, and where each value came from. */
import { type ConfigRow, describeConfig } from "@r3mes/service";
import type { CommandContext } from "../commandContext.ts";
import { type ExitCode, exitCodes } from "../exitCodes.ts";
import { configPath, loadSettings } from "../settings.ts";

export async function configShow(
  { host, home, json }: CommandContext,
  options: { readonly origin?: boolean },
): Promise<ExitCode> {
  const rows = describeConfig(loadSettings(home, host.env));
  if (json) {
    const settings = options.origin
      ? rows
      : rows.map(({ key, value, description }) => ({ key, value, description }));
    host.stdout.write(`${JSON.stringify({ file: configPath(home), settings })}\n`);
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

function showValue({ value }: ConfigRow): string {
  if (value === null) return "not set";
  return Array.isArray(value) ? value.join(", ") : String(value);
}
