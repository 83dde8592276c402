/** `r3mes localnet cheat <kind>`: one more actor that breaks the rules, to see that it is caught. */
import { R3mesError } from "@r3mes/protocol";
import type { CommandContext } from "../commandContext.ts";
import { type ExitCode, exitCodes } from "../exitCodes.ts";
import { addProcess } from "../localnet/addProcess.ts";
import { readRunning } from "../localnet/readRunning.ts";
import { cheats } from "../processes/cheatProcess.ts";

/** When there is something to see: a cheat is funded, bonds and opens the pool as everybody does. */
const firstTurn = {
  miner:
    "It needs a chunk, and three quick miners leave none: r3mes localnet kill miner-3 makes room, " +
    "or a new localnet with R3MES_LOCALNET_MINERS=2.",
  verifier: "Its first turn comes when a round is audited or summed: in a minute or two.",
} as const;

export async function localnetCheat(
  { host, home, json }: CommandContext,
  cheat: string,
): Promise<ExitCode> {
  const named = cheats.find(({ name }) => name === cheat);
  if (named === undefined) {
    const reason = `there is no cheat ${cheat}; there are ${cheats.map(({ name }) => name).join(", ")}`;
    throw new R3mesError({ code: "USAGE_INVALID", reason });
  }
  const { paths } = readRunning(home);
  const { name, address } = await addProcess(paths, `cheat-${cheat}`);
  const text = [
    `Added ${name}, account ${address}.`,
    named.meaning,
    firstTurn[named.role],
    `Watch it: r3mes localnet logs ${name} -f; later: r3mes explain slash ${name}`,
  ];
  host.stdout.write(
    json ? `${JSON.stringify({ name, address, cheat })}\n` : `${text.join("\n")}\n`,
  );
  return exitCodes.ok;
}
