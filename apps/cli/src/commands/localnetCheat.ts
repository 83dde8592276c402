/** `r3mes localnet cheat <kind>`: one more actor that breaks the rules, to see that it is caught. */
import { R3mesError } from "@r3mes/protocol";
import { systemClock } from "@r3mes/service/command";
import type { CommandContext } from "../commandContext.ts";
import { type ExitCode, exitCodes } from "../exitCodes.ts";
import { columnsOf } from "../host.ts";
import { addProcess } from "../localnet/addProcess.ts";
import { readRunning } from "../localnet/readRunning.ts";
import { cheats } from "../processes/cheatProcess.ts";
import { wrapText } from "../wrapText.ts";

/** When there is something to see: a cheat is funded, bonds and opens the pool as everybody does. */
const firstTurn = {
  miner: "It needs a chunk, which it has once it has bonded and opened the pool.",
  verifier: "Its first turn comes when a round is audited or summed: in a minute or two.",
} as const;

/** So many quick miners take all chunks of a round before a newcomer has one. */
const minersMany = 3;
const makeRoom = (miner: string) =>
  `Three quick miners leave none: make room by npx r3mes localnet kill ${miner}, or begin a new ` +
  "localnet with R3MES_LOCALNET_MINERS=2.";

export async function localnetCheat(
  { host, home, json }: CommandContext,
  cheat: string,
): Promise<ExitCode> {
  const named = cheats.find(({ name }) => name === cheat);
  if (named === undefined) {
    const reason = `There is no cheat ${cheat}; choose one of ${cheats.map(({ name }) => name).join(", ")}`;
    throw new R3mesError({ code: "USAGE_INVALID", reason });
  }
  const { paths, state } = readRunning(home);
  const miners = state.processes.filter(({ kind }) => kind === "miner");
  const { name, address } = await addProcess(paths, `cheat-${cheat}`, systemClock);
  const isCrowded = named.role === "miner" && miners.length >= minersMany;
  const room = isCrowded ? ` ${makeRoom(miners.at(-1)!.name)}` : "";
  if (json) {
    host.stdout.write(`${JSON.stringify({ name, address, cheat })}\n`);
    return exitCodes.ok;
  }
  const text = [
    `Added ${name}, account ${address}.`,
    named.meaning,
    `${firstTurn[named.role]}${room}`,
    `Watch it: npx r3mes localnet logs ${name} -f`,
    `Later: npx r3mes explain slash ${name}`,
  ];
  const lines = text.flatMap((paragraph) => wrapText(paragraph, columnsOf(host.stdout)));
  host.stdout.write(`${lines.join("\n")}\n`);
  return exitCodes.ok;
}
