/** `r3mes localnet status`: what runs, from any terminal. */
import { setTimeout } from "node:timers/promises";
import { systemClock } from "@r3mes/service/command";
import { readNodeStatus } from "../chain/readNodeStatus.ts";
import type { CommandContext } from "../commandContext.ts";
import { createProgress } from "../createProgress.ts";
import { type ExitCode, exitCodes } from "../exitCodes.ts";
import { columnsOf } from "../host.ts";
import { describeNetwork } from "../localnet/localnetNetwork.ts";
import type { LocalnetState } from "../localnet/localnetState.ts";
import { type LocalnetStatus, noTraining, readLocalnetStatus } from "../localnet/localnetStatus.ts";
import { readRunning } from "../localnet/readRunning.ts";
import { readTraining } from "../localnet/readTraining.ts";
import { renderBoard } from "../localnet/renderBoard.ts";
import { stalledMs } from "../localnet/stallWatch.ts";

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
  const isMoving = json
    ? undefined
    : await progress.during("looking whether blocks come", movesStill(status, state));
  const form = { paint: host.paint, nowMs: systemClock.nowMs(), columns: columnsOf(host.stdout) };
  const board = renderBoard(status, { ...form, isMoving });
  host.stdout.write(json ? `${JSON.stringify(status)}\n` : `${board.join("\n")}\n`);
  return exitCodes.ok;
}

const looksAgain = 10;
const betweenLooksMs = 500;

/** Where the newest block is old, whether another comes all the same: then it is the clock. Undefined where nobody has to wonder. */
async function movesStill(
  { height, blockTimeMs }: LocalnetStatus,
  { validators }: LocalnetState,
): Promise<boolean | undefined> {
  if (!height || blockTimeMs === null) return undefined;
  if (systemClock.nowMs() - blockTimeMs <= stalledMs) return undefined;
  for (let look = 0; look < looksAgain; look += 1) {
    await setTimeout(betweenLooksMs);
    const node = await readNodeStatus(validators[0]!);
    if (node !== null && node.height > height) return true;
  }
  return false;
}
