/** `r3mes localnet stop`: asks the localnet to end in order and waits until it has. */
import { existsSync } from "node:fs";
import { R3mesError } from "@r3mes/protocol";
import { isAlive, lockHolder, systemClock } from "@r3mes/service";
import type { CommandContext } from "../commandContext.ts";
import { createProgress } from "../createProgress.ts";
import { type ExitCode, exitCodes } from "../exitCodes.ts";
import { endOrphans } from "../localnet/endOrphans.ts";
import { localnetPaths } from "../localnet/localnetPaths.ts";
import { lockLocalnet } from "../localnet/lockLocalnet.ts";
import { type RunRecord, readRunRecord } from "../localnet/runRecord.ts";
import { untilEnded } from "../localnet/untilEnded.ts";

/** A supervisor that has all its time on a busy machine: what it ends becomes fewer, and what hangs it kills within seconds. */
const quietMs = 90_000;

/** It is no error that nothing runs: then what was asked for is already so. */
export async function localnetStop({ host, home, json }: CommandContext): Promise<ExitCode> {
  const paths = localnetPaths(home);
  const holder = lockHolder(paths.lockFile);
  const stopped = holder === null ? await stopOrphans() : await stopHolder();
  const text = stopped ? "Stopped. The state is kept." : "Nothing was running.";
  host.stdout.write(json ? `${JSON.stringify({ stopped })}\n` : `${text}\n`);
  return exitCodes.ok;

  async function stopHolder(): Promise<boolean> {
    const { pid } = holder!;
    process.kill(pid, "SIGTERM");
    const progress = createProgress(host, json, systemClock);
    const left = () => namesOf(readRunRecord(paths.runFile));
    const options = { isAlive: () => isAlive(holder!), left, show: progress.show, quietMs };
    const seconds = await untilEnded(options, systemClock);
    progress.end();
    if (seconds !== null) throw new R3mesError({ code: "LOCALNET_STOP_FAILED", pid, seconds });
    return true;
  }

  // What a killed localnet left behind is stopped as well, under the lock, so that no start begins.
  async function stopOrphans(): Promise<boolean> {
    if (!existsSync(paths.runFile)) return false;
    const release = lockLocalnet(paths.lockFile, home);
    try {
      return (await endOrphans(paths.runFile, systemClock)).length > 0;
    } finally {
      release();
    }
  }
}

function namesOf(record: RunRecord | null): readonly string[] {
  return (record?.processes ?? []).flatMap(({ name, state }) =>
    state === "stopped" ? [] : [name],
  );
}
