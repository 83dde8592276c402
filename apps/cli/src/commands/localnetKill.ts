/** `r3mes localnet kill <name>`: kill -9 of one process, to see that nothing is lost. It comes back by itself. */
import { R3mesError } from "@r3mes/protocol";
import { isAlive, nearestName } from "@r3mes/service/command";
import type { CommandContext } from "../commandContext.ts";
import { type ExitCode, exitCodes } from "../exitCodes.ts";
import { readRunning } from "../localnet/readRunning.ts";

export async function localnetKill(
  { host, home, json }: CommandContext,
  name: string,
): Promise<ExitCode> {
  const { record } = readRunning(home);
  const known = record.processes.map((process) => process.name);
  const found = record.processes.find((process) => process.name === name)?.process ?? null;
  if (found === null || !isAlive(found)) {
    const nearest = nearestName(name, known);
    throw new R3mesError({ code: "LOCALNET_PROCESS_UNKNOWN", name, nearest, known });
  }
  process.kill(-found.pid, "SIGKILL");
  const killed = { name, pid: found.pid };
  host.stdout.write(
    json ? `${JSON.stringify(killed)}\n` : `Killed ${name}, process ${found.pid}.\n`,
  );
  return exitCodes.ok;
}
