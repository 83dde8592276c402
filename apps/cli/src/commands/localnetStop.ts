/** `r3mes localnet stop`: asks the localnet to end in order and waits until it has. */
import { existsSync } from "node:fs";
import { R3mesError } from "@r3mes/protocol";
import { isAlive, lockHolder, systemClock } from "@r3mes/service";
import type { CommandContext } from "../commandContext.ts";
import { type ExitCode, exitCodes } from "../exitCodes.ts";
import { endOrphans } from "../localnet/endOrphans.ts";
import { localnetPaths } from "../localnet/localnetPaths.ts";
import { lockLocalnet } from "../localnet/lockLocalnet.ts";

const stopWithinMs = 15_000;
const pollMs = 50;

/** It is no error that nothing runs: then what was asked for is already so. */
export async function localnetStop({ host, home, json }: CommandContext): Promise<ExitCode> {
  const paths = localnetPaths(home);
  const holder = lockHolder(paths.lockFile);
  const stopped = holder === null ? await stopOrphans() : await stopHolder();
  const text = stopped ? "Stopped. The state is kept." : "Nothing was running.";
  host.stdout.write(json ? `${JSON.stringify({ stopped })}\n` : `${text}\n`);
  return exitCodes.ok;

  async function stopHolder(): Promise<boolean> {
    process.kill(holder!.pid, "SIGTERM");
    const deadlineMs = systemClock.monotonicMs() + stopWithinMs;
    while (isAlive(holder!)) {
      if (systemClock.monotonicMs() > deadlineMs) {
        const seconds = stopWithinMs / 1_000;
        throw new R3mesError({ code: "LOCALNET_STOP_FAILED", pid: holder!.pid, seconds });
      }
      await systemClock.sleep(pollMs);
    }
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
