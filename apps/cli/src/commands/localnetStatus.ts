/** `r3mes localnet status`: what runs, from any terminal. */
import { systemClock } from "@r3mes/service/command";
import type { CommandContext } from "../commandContext.ts";
import { createProgress } from "../createProgress.ts";
import { type ExitCode, exitCodes } from "../exitCodes.ts";
import { columnsOf } from "../host.ts";
import { describeNetwork } from "../localnet/localnetNetwork.ts";
import { noTraining, readLocalnetStatus } from "../localnet/localnetStatus.ts";
import { readRunning } from "../localnet/readRunning.ts";
import { readTraining } from "../localnet/readTraining.ts";
import { renderBoard } from "../localnet/renderBoard.ts";

export async function localnetStatus({ host, home, json }: CommandContext): Promise<ExitCode> {
  const { paths, state, record } = readRunning(home);
  const processes = record.processes.map(({ process, reason, ...known }) => ({
    ...known,
    pid: process?.pid ?? null,
    ...(reason === undefined ? {} : { reason }),
  }));
  const run = { startedAtMs: record.startedAtMs, processes };
  const asked = async () => {
    const training = await readTraining(describeNetwork(paths, state)).catch(() => noTraining);
    return readLocalnetStatus(state, paths, run, training);
  };
  const progress = createProgress(host, json, systemClock);
  const status = await progress.during("asking the node and the processes", asked());
  const columns = columnsOf(host.stdout);
  const board = renderBoard(status, { paint: host.paint, nowMs: systemClock.nowMs(), columns });
  host.stdout.write(json ? `${JSON.stringify(status)}\n` : `${board.join("\n")}\n`);
  return exitCodes.ok;
}
