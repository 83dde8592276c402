/** `r3mes localnet add <kind>`: one more miner or verifier; the running localnet starts it. */
import { R3mesError } from "@r3mes/protocol";
import { systemClock } from "@r3mes/service/command";
import type { CommandContext } from "../commandContext.ts";
import { type ExitCode, exitCodes } from "../exitCodes.ts";
import { addProcess } from "../localnet/addProcess.ts";
import { readRunning } from "../localnet/readRunning.ts";

const kinds = ["miner", "verifier"];

export async function localnetAdd(
  { host, home, json }: CommandContext,
  kind: string,
): Promise<ExitCode> {
  if (!kinds.includes(kind)) {
    const reason = `${kind} cannot be added; ${kinds.join(" and ")} can`;
    throw new R3mesError({ code: "USAGE_INVALID", reason });
  }
  const { paths } = readRunning(home);
  const added = await addProcess(paths, kind, systemClock);
  const { name, address } = added;
  host.stdout.write(
    json ? `${JSON.stringify({ name, address })}\n` : `Added ${name}, account ${address}.\n`,
  );
  return exitCodes.ok;
}
