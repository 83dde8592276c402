/** `r3mes localnet logs [name]`: the end of the logs, of one process or of all. */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { R3mesError } from "@r3mes/protocol";
import { nearestName, systemClock } from "@r3mes/service/command";
import type { CommandContext } from "../commandContext.ts";
import { type ExitCode, exitCodes } from "../exitCodes.ts";
import type { Host } from "../host.ts";
import { followLog, lastLinesOf } from "../localnet/followLog.ts";
import { localnetPaths } from "../localnet/localnetPaths.ts";

export type LocalnetLogsOptions = { readonly follow?: boolean; readonly lines: string };

const suffix = ".log";

export async function localnetLogs(
  { host, home, json }: CommandContext,
  name: string | undefined,
  options: LocalnetLogsOptions,
): Promise<ExitCode> {
  const { logs } = localnetPaths(home);
  const known = logsIn(logs);
  if (known.length === 0) throw new R3mesError({ code: "LOCALNET_NOT_RUNNING", home });
  const chosen = choose(known, name);
  const count = readCount(options.lines);
  const nameWidth = Math.max(0, ...chosen.map((log) => log.length));
  const write = (log: string, line: string): void => {
    const prefix = chosen.length > 1 ? `${host.paint.cyan(log.padEnd(nameWidth))}  ` : "";
    host.stdout.write(json ? `${JSON.stringify({ name: log, line })}\n` : `${prefix}${line}\n`);
  };
  for (const log of chosen) {
    for (const line of lastLinesOf(join(logs, log + suffix), count)) write(log, line);
  }
  if (options.follow) await follow(logs, chosen, write, host);
  return exitCodes.ok;
}

function logsIn(folder: string): readonly string[] {
  const files = existsSync(folder) ? readdirSync(folder) : [];
  return files
    .filter((file) => file.endsWith(suffix))
    .map((file) => file.slice(0, -suffix.length))
    .sort();
}

function choose(known: readonly string[], name: string | undefined): readonly string[] {
  if (name === undefined) return known;
  if (known.includes(name)) return [name];
  const nearest = nearestName(name, known);
  throw new R3mesError({ code: "LOCALNET_LOG_UNKNOWN", name, nearest, known });
}

function readCount(text: string): number {
  if (/^\d{1,6}$/.test(text)) return Number(text);
  const reason = `--lines takes a whole number up to 999999, not ${text}`;
  throw new R3mesError({ code: "USAGE_INVALID", reason });
}

async function follow(
  folder: string,
  chosen: readonly string[],
  write: (log: string, line: string) => void,
  { stdout }: Pick<Host, "stdout">,
): Promise<void> {
  const controller = new AbortController();
  const end = (): void => controller.abort();
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(name, end);
  // As in `… logs -f | head`.
  stdout.once?.("error", end);
  const { signal } = controller;
  await Promise.all(
    chosen.map((log) =>
      followLog(join(folder, log + suffix), (line) => write(log, line), {
        clock: systemClock,
        signal,
      }),
    ),
  );
}
